'use client'

import Building2 from 'lucide-react/icons/building-2'
import Check from 'lucide-react/icons/check'
import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down'
import LogOut from 'lucide-react/icons/log-out'
import Settings from 'lucide-react/icons/settings'
import { useRouter } from 'next/navigation'

import { messageOf } from '@/app/_browser/call-api'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/app/_components/menu'
import { useToast } from '@/app/_components/toast'
import type { Role } from '@/lib/domain/permissions'

import { signOutHere } from './sign-out-here'
import { switchOrganization } from './switch-organization'

/** One of the person's organisations. */
export interface ReachableOrganization {
  orgId: string
  orgName: string
  role: Role
  current: boolean
}

interface AccountMenuProps {
  person: { name: string; email: string; orgName: string }
  organizations: readonly ReachableOrganization[]
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => Array.from(word ?? '')[0] ?? '')
  return letters.join('').toUpperCase()
}

export function AccountMenu({ person, organizations }: AccountMenuProps) {
  const router = useRouter()
  const toast = useToast()
  return (
    <Menu
      side="top"
      align="start"
      trigger={
        <button
          type="button"
          className="flex w-full items-center gap-2.5 rounded-lg p-2 text-left transition-colors hover:bg-hover data-[state=open]:bg-hover"
        >
          <span aria-hidden className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft text-[0.8rem] font-semibold text-accent-ink">
            {initials(person.name)}
          </span>
          <span className="sr-only">Account: </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate text-[0.93rem] leading-tight font-medium">{person.name}</span>
            <span className="block truncate text-[0.8rem] text-muted">{person.orgName}</span>
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
        </button>
      }
    >
      <MenuLabel>
        <span className="block max-w-52 truncate text-[0.87rem] text-muted">{person.email}</span>
      </MenuLabel>
      <MenuSeparator />
      {organizations.length > 1 && (
        <>
          {organizations.map(({ orgId, orgName, role, current }) => (
            <MenuItem
              key={orgId}
              icon={current ? <Check aria-hidden className="text-accent-ink" /> : <Building2 aria-hidden />}
              onSelect={() => {
                if (!current) switchOrganization(orgId, role).catch((error: unknown) => toast(messageOf(error), 'error'))
              }}
            >
              <span className="max-w-52 truncate">{orgName}</span>
              {current && <span className="sr-only">(you are here)</span>}
            </MenuItem>
          ))}
          <MenuSeparator />
        </>
      )}
      <MenuItem icon={<Settings aria-hidden />} onSelect={() => router.push('/settings')}>
        Settings
      </MenuItem>
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void signOutHere()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
