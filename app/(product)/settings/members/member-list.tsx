'use client'

import Crown from 'lucide-react/icons/crown'
import Ellipsis from 'lucide-react/icons/ellipsis'
import Gauge from 'lucide-react/icons/gauge'
import LogOut from 'lucide-react/icons/log-out'
import UserMinus from 'lucide-react/icons/user-minus'
import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { IconButton } from '@/app/_components/icon-button'
import { Menu, MenuItem } from '@/app/_components/menu'
import { Select } from '@/app/_components/select'
import { Time } from '@/app/_components/time'
import { useToast } from '@/app/_components/toast'
import type { Role } from '@/lib/domain/permissions'
import { ROLE_HINTS, ROLE_NAMES } from '@/lib/domain/role-names'

import { removalText, type ListedMember } from './listed-member'
import { OwnerDialog } from './owner-dialog'
import { QuotaDialog } from './quota-dialog'

interface MemberListProps {
  orgName: string
  members: readonly ListedMember[]
  /** The roles that whoever looks may give. */
  givable: readonly Role[]
  maySetQuotas: boolean
  /** What whoever looks confirms a hand-over with. */
  confirmation: { hasPassword: boolean; hasSecondFactor: boolean }
}

type Dialogue = { kind: 'quota' | 'owner' | 'remove'; member: ListedMember } | null

export function MemberList({ orgName, members, givable, maySetQuotas, confirmation }: MemberListProps) {
  const router = useRouter()
  const toast = useToast()
  const [dialogue, setDialogue] = useState<Dialogue>(null)
  const close = (): void => setDialogue(null)

  const changeRole = async ({ userId, name }: ListedMember, role: string): Promise<void> => {
    try {
      await request(`/api/organization/members/${userId}`, { method: 'PATCH', body: { role } })
      toast(`The role of ${name} is changed.`)
    } catch (error) {
      toast(messageOf(error), 'error')
    }
    router.refresh()
  }

  const end = async ({ userId, name, you }: ListedMember): Promise<boolean> => {
    try {
      await request(`/api/organization/members/${userId}`, { method: 'DELETE' })
    } catch (error) {
      toast(messageOf(error), 'error')
      return false
    }
    if (you) {
      // A whole new page: nothing of this organisation may stay in memory.
      window.location.assign('/chat')
      return true
    }
    toast(`${name} is no longer a member.`)
    router.refresh()
    return true
  }

  return (
    <>
      <ul aria-label="Members" className="mb-6 divide-y divide-line rounded-xl border border-line bg-surface">
        {members.map((member) => (
          <li key={member.userId} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 pr-3 pl-5">
            <div className="min-w-0 flex-1 basis-56">
              <p className="flex items-center gap-2">
                <span className="truncate font-medium">{member.name}</span>
                {member.you && <span className="shrink-0 rounded-full bg-accent-soft px-2 py-0.5 text-[0.75rem] font-medium text-accent-ink">You</span>}
              </p>
              <p className="truncate text-[0.87rem] text-muted">{member.email}</p>
              <p className="mt-0.5 flex flex-wrap gap-x-4 text-[0.83rem] text-muted">
                <span>
                  Since <Time at={member.joinedAt} />
                </span>
                {maySetQuotas && <span>{usageText(member)}</span>}
              </p>
            </div>
            <div className="flex items-center gap-1">
              {member.manageable ? (
                <Select
                  label={`Role of ${member.name}`}
                  value={member.role}
                  options={givable.filter((role) => role !== 'owner' || member.role === 'owner').map((role) => ({ value: role, label: ROLE_NAMES[role], hint: ROLE_HINTS[role] }))}
                  onChange={(role) => {
                    if (role !== member.role) void changeRole(member, role)
                  }}
                  className="w-30"
                />
              ) : (
                <span className="rounded-full bg-hover px-2.5 py-0.5 text-[0.8rem] font-medium text-muted">{ROLE_NAMES[member.role]}</span>
              )}
              {(member.you || member.manageable) && (
                <Menu trigger={<IconButton label={`Options of ${member.name}`} icon={<Ellipsis aria-hidden />} />}>
                  {maySetQuotas && (
                    <MenuItem icon={<Gauge aria-hidden />} onSelect={() => setDialogue({ kind: 'quota', member })}>
                      Monthly quota
                    </MenuItem>
                  )}
                  {member.mayOwn && (
                    <MenuItem icon={<Crown aria-hidden />} onSelect={() => setDialogue({ kind: 'owner', member })}>
                      Make an owner
                    </MenuItem>
                  )}
                  <MenuItem
                    icon={member.you ? <LogOut aria-hidden /> : <UserMinus aria-hidden />}
                    tone="danger"
                    onSelect={() => setDialogue({ kind: 'remove', member })}
                  >
                    {member.you ? 'Leave the organisation' : 'Remove'}
                  </MenuItem>
                </Menu>
              )}
            </div>
          </li>
        ))}
      </ul>
      {dialogue?.kind === 'quota' && <QuotaDialog member={dialogue.member} onClose={close} />}
      {dialogue?.kind === 'owner' && <OwnerDialog member={dialogue.member} orgName={orgName} confirmation={confirmation} onClose={close} />}
      {dialogue?.kind === 'remove' && (
        <ConfirmDialog
          open
          onOpenChange={(open) => {
            if (!open) close()
          }}
          title={dialogue.member.you ? `Leave ${orgName}?` : `Remove ${dialogue.member.name}?`}
          description={
            dialogue.member.you
              ? `You reach nothing of ${orgName} any more, until somebody invites you again. Keys that you made go on working.`
              : removalText(dialogue.member, orgName)
          }
          action={dialogue.member.you ? 'Leave' : 'Remove'}
          onConfirm={() => end(dialogue.member)}
        />
      )}
    </>
  )
}

function usageText({ quota, used }: ListedMember): string {
  const tokens = used.toLocaleString('en')
  return quota === null ? `${tokens} tokens this month` : `${tokens} of ${quota.toLocaleString('en')} tokens this month`
}
