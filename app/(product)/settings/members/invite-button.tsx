'use client'

import UserPlus from 'lucide-react/icons/user-plus'
import { useRouter } from 'next/navigation'
import { useState, type SubmitEvent } from 'react'

import { callApi, CallError, messageOf } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Dialog } from '@/app/_components/dialog'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { invitationSent, type InvitationSent } from '@/lib/contract/organizations'
import type { Role } from '@/lib/domain/permissions'
import { ROLE_HINTS, ROLE_NAMES } from '@/lib/domain/role-names'

import { SentInvitation } from './sent-invitation'

export function InviteButton({ roles }: { roles: readonly Role[] }) {
  const [open, setOpen] = useState(false)
  const [sent, setSent] = useState<InvitationSent | null>(null)

  const close = (): void => {
    setOpen(false)
    setSent(null)
  }

  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <UserPlus aria-hidden className="size-4" />
        Invite
      </Button>
      {open && sent === null && <InviteDialog roles={roles} onSent={setSent} onClose={close} />}
      {sent !== null && <SentInvitation sent={sent} onClose={close} />}
    </>
  )
}

interface InviteDialogProps {
  roles: readonly Role[]
  onSent: (sent: InvitationSent) => void
  onClose: () => void
}

function InviteDialog({ roles, onSent, onClose }: InviteDialogProps) {
  const router = useRouter()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('member')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<{ param: string | null; message: string } | null>(null)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      const sent = await callApi('/api/organization/invitations', invitationSent, { method: 'POST', body: { email, role } })
      router.refresh()
      onSent(sent)
    } catch (thrown) {
      setFault({ param: thrown instanceof CallError ? thrown.param : null, message: messageOf(thrown) })
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title="Invite somebody"
      description="They get a link by which they join, with an account that they have or a new one."
    >
      <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
        {fault !== null && fault.param !== 'email' && <Notice tone="error">{fault.message}</Notice>}
        <Field
          label="E-mail"
          type="email"
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          error={fault?.param === 'email' ? fault.message : undefined}
        />
        <fieldset>
          <legend className="mb-2 text-[0.93rem] font-medium">Role</legend>
          <div className="space-y-2.5">
            {roles
              .filter((given) => given !== 'owner')
              .map((given) => (
                <label key={given} className="flex items-start gap-3">
                  <input type="radio" name="role" checked={role === given} onChange={() => setRole(given)} className="mt-1 size-4 accent-accent" />
                  <span>
                    {ROLE_NAMES[given]}
                    <span className="block text-[0.87rem] text-muted">{ROLE_HINTS[given]}</span>
                  </span>
                </label>
              ))}
          </div>
        </fieldset>
        <div className="flex justify-end gap-2">
          <Button look="secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" busy={busy} disabled={email.trim() === ''}>
            Invite
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
