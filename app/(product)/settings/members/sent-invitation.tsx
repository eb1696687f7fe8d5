'use client'

import { Button } from '@/app/_components/button'
import { CopyButton } from '@/app/_components/copy-button'
import { Dialog } from '@/app/_components/dialog'
import { Notice } from '@/app/_components/notice'
import type { InvitationSent } from '@/lib/contract/organizations'

const OUTCOMES: Readonly<Record<InvitationSent['mail'], { tone: 'note' | 'warning'; text: (email: string) => string }>> = {
  sent: { tone: 'note', text: (email) => `A mail with the link is on its way to ${email}.` },
  not_configured: { tone: 'warning', text: (email) => `This installation sends no mail. Copy the link and hand it to ${email} yourself.` },
  failed: { tone: 'warning', text: (email) => `The mail server did not take the mail. Copy the link and hand it to ${email} yourself.` },
}

/** Shows an invitation's link, this once. */
export function SentInvitation({ sent, onClose }: { sent: InvitationSent; onClose: () => void }) {
  const { tone, text } = OUTCOMES[sent.mail]
  const link = new URL(sent.path, window.location.origin).href
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      dismissible={sent.mail === 'sent'}
      title={`Invitation for ${sent.email}`}
      description="The link works once, within 7 days. It is stored as a hash only and cannot be shown again; “Send again” makes a new one."
    >
      <Notice tone={tone}>{text(sent.email)}</Notice>
      <div className="mt-4 flex items-center gap-2 rounded-lg border border-line bg-sunken py-2 pr-2 pl-3.5">
        <code data-invitation-link className="min-w-0 flex-1 font-mono text-[0.87rem] break-all select-all">
          {link}
        </code>
        <CopyButton text={link} label="Copy link" />
      </div>
      <div className="mt-6 flex justify-end">
        <Button onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  )
}
