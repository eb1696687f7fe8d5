'use client'

import { useState } from 'react'

import { messageOf } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { useToast } from '@/app/_components/toast'
import type { Role } from '@/lib/domain/permissions'
import { ROLE_NAMES } from '@/lib/domain/role-names'

import { switchOrganization } from '../../_shell/switch-organization'

interface OrganizationListProps {
  memberships: readonly { orgId: string; orgName: string; role: Role; current: boolean }[]
}

export function OrganizationList({ memberships }: OrganizationListProps) {
  const toast = useToast()
  const [busy, setBusy] = useState<string | null>(null)

  const open = async (orgId: string, role: Role): Promise<void> => {
    setBusy(orgId)
    try {
      await switchOrganization(orgId, role)
    } catch (error) {
      toast(messageOf(error), 'error')
      setBusy(null)
    }
  }

  return (
    <ul aria-label="Your organisations" className="divide-y divide-line rounded-lg border border-line">
      {memberships.map(({ orgId, orgName, role, current }) => (
        <li key={orgId} className="flex min-h-14 items-center justify-between gap-4 px-4 py-2">
          <span className="min-w-0">
            <span className="block truncate font-medium">{orgName}</span>
            <span className="block text-[0.87rem] text-muted">{ROLE_NAMES[role]}</span>
          </span>
          {current ? (
            <span className="shrink-0 rounded-full bg-accent-soft px-2.5 py-0.5 text-[0.8rem] font-medium text-accent-ink">You are here</span>
          ) : (
            <Button look="secondary" size="small" aria-label={`Open ${orgName}`} busy={busy === orgId} onClick={() => void open(orgId, role)}>
              Open
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
