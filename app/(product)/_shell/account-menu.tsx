'use client'

import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down'
import LogOut from 'lucide-react/icons/log-out'
import Settings from 'lucide-react/icons/settings'
import { useRouter } from 'next/navigation'

import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/app/_components/menu'

import { signOutHere } from './sign-out-here'

interface AccountMenuProps {
  person: { name: string; email: string; orgName: string }
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => Array.from(word ?? '')[0] ?? '')
  return letters.join('').toUpperCase()
}

export function AccountMenu({ person }: AccountMenuProps) {
  const router = useRouter()
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
      <MenuItem icon={<Settings aria-hidden />} onSelect={() => router.push('/settings')}>
        Settings
      </MenuItem>
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void signOutHere()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
