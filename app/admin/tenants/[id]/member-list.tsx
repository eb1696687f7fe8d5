'use client'

import VenetianMask from 'lucide-react/icons/venetian-mask'
import { useState } from 'react'

import { request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Time } from '@/app/_components/time'
import type { Role } from '@/lib/domain/permissions'

import { Badge } from '../../_parts/badges'
import { ReasonDialog } from '../../_parts/reason-dialog'

interface MemberListProps {
  orgId: string
  members: readonly { userId: string; email: string; name: string; role: Role; isOperator: boolean; lastSeenAt: string | null }[]
}

export function MemberList({ orgId, members }: MemberListProps) {
  const [chosen, setChosen] = useState<MemberListProps['members'][number] | null>(null)
  return (
    <>
      <ul className="divide-y divide-line">
        {members.map((member) => (
          <li key={member.userId} className="flex flex-wrap items-center justify-between gap-3 py-2.5">
            <div className="min-w-0">
              <p className="flex flex-wrap items-center gap-2">
                <span className="font-medium break-words">{member.name}</span>
                <Badge>{member.role}</Badge>
                {member.isOperator && <Badge tone="accent">operator</Badge>}
              </p>
              <p className="text-[0.87rem] break-all text-muted">
                {member.email} · {member.lastSeenAt === null ? 'never signed in' : <>last seen <Time at={member.lastSeenAt} style="date-time" /></>}
              </p>
            </div>
            {!member.isOperator && (
              <Button look="secondary" size="small" onClick={() => setChosen(member)} aria-label={`Impersonate ${member.name}`}>
                <VenetianMask aria-hidden className="size-4" />
                Impersonate
              </Button>
            )}
          </li>
        ))}
      </ul>
      {chosen !== null && (
        <ReasonDialog
          title={`Act in the place of ${chosen.name}?`}
          description="For an hour at most you see what this person sees, conversations too, and can use the product as they do. Passwords, keys, members and billing stay closed to you."
          action="Impersonate"
          onClose={() => setChosen(null)}
          onConfirm={async (reason) => {
            await request('/api/admin/impersonation', { method: 'POST', body: { orgId, userId: chosen.userId, reason } })
            // A whole new page: nothing of the operator's may stay in memory.
            window.location.assign('/chat')
          }}
        />
      )}
    </>
  )
}
