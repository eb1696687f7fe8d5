'use client'

import { useState } from 'react'

import { callApi, messageOf } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Notice } from '@/app/_components/notice'
import { invitationAccepted } from '@/lib/contract/organizations'
import { can } from '@/lib/domain/permissions'

import type { InvitationEntry } from './invitation-entry'

/** For somebody who is signed in as whom the invitation is for. */
export function AcceptButton({ token, orgName, email, role }: InvitationEntry) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)

  const accept = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      const { switched } = await callApi('/api/invitations/accept', invitationAccepted, { method: 'POST', body: { token } })
      // A whole new page: nothing of the organisation before may stay in memory.
      window.location.assign(!switched ? '/settings/organization' : can(role, 'use') ? '/chat' : '/usage')
    } catch (thrown) {
      setError(messageOf(thrown))
      setBusy(false)
    }
  }

  return (
    <div className="space-y-5">
      {error !== null && <Notice tone="error">{error}</Notice>}
      <p>
        You are signed in as <span className="font-medium">{email}</span>.
      </p>
      <Button busy={busy} onClick={() => void accept()} className="w-full">
        <span className="truncate">Join {orgName}</span>
      </Button>
    </div>
  )
}
