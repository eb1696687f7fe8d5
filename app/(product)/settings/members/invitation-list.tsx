'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { callApi, messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Time } from '@/app/_components/time'
import { useToast } from '@/app/_components/toast'
import { invitationSent, type InvitationSent } from '@/lib/contract/organizations'
import type { Role } from '@/lib/domain/permissions'
import { ROLE_NAMES } from '@/lib/domain/role-names'

import { SentInvitation } from './sent-invitation'

interface ListedInvitation {
  id: string
  email: string
  role: Role
  invitedBy: string | null
  expiresAt: string
  expired: boolean
  /** Whether whoever looks may give this role. */
  manageable: boolean
}

export function InvitationList({ invitations }: { invitations: readonly ListedInvitation[] }) {
  const router = useRouter()
  const toast = useToast()
  const [busy, setBusy] = useState<string | null>(null)
  const [sent, setSent] = useState<InvitationSent | null>(null)

  const work = async (id: string, call: () => Promise<void>): Promise<void> => {
    setBusy(id)
    try {
      await call()
    } catch (error) {
      toast(messageOf(error), 'error')
    }
    router.refresh()
    setBusy(null)
  }

  const sendAgain = ({ id }: ListedInvitation): Promise<void> =>
    work(id, async () => setSent(await callApi(`/api/organization/invitations/${id}`, invitationSent, { method: 'POST' })))

  const revoke = ({ id, email }: ListedInvitation): Promise<void> =>
    work(id, async () => {
      await request(`/api/organization/invitations/${id}`, { method: 'DELETE' })
      toast(`The invitation of ${email} is revoked.`)
    })

  return (
    <>
      {invitations.length === 0 ? (
        <p className="text-muted">Nobody is invited at the moment.</p>
      ) : (
        <ul aria-label="Invitations" className="divide-y divide-line rounded-lg border border-line">
          {invitations.map((invitation) => (
            <li key={invitation.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
              <div className="min-w-0 flex-1 basis-56">
                <p className="truncate font-medium">{invitation.email}</p>
                <p className="flex flex-wrap gap-x-4 text-[0.83rem] text-muted">
                  <span>{ROLE_NAMES[invitation.role]}</span>
                  {invitation.invitedBy !== null && <span>Invited by {invitation.invitedBy}</span>}
                  {invitation.expired ? (
                    <span className="font-medium text-danger">The link is too old</span>
                  ) : (
                    <span>
                      Until <Time at={invitation.expiresAt} style="date-time" />
                    </span>
                  )}
                </p>
              </div>
              {invitation.manageable && (
                <div className="flex gap-2">
                  <Button look="secondary" size="small" busy={busy === invitation.id} onClick={() => void sendAgain(invitation)}>
                    Send again
                  </Button>
                  <Button look="secondary" size="small" disabled={busy === invitation.id} onClick={() => void revoke(invitation)}>
                    Revoke
                  </Button>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {sent !== null && <SentInvitation sent={sent} onClose={() => setSent(null)} />}
    </>
  )
}
