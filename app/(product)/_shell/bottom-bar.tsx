'use client'

import Building2 from 'lucide-react/icons/building-2'
import Check from 'lucide-react/icons/check'
import Ellipsis from 'lucide-react/icons/ellipsis'
import LogOut from 'lucide-react/icons/log-out'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useState } from 'react'

import { messageOf } from '@/app/_browser/call-api'
import { classNames } from '@/app/_components/class-names'
import { Dialog } from '@/app/_components/dialog'
import { ThemeChoice } from '@/app/_components/theme-choice'
import { useToast } from '@/app/_components/toast'

import type { ReachableOrganization } from './account-menu'
import { DESTINATIONS, isCurrent } from './navigation'
import { signOutHere } from './sign-out-here'
import { switchOrganization } from './switch-organization'

interface BottomBarProps {
  reachable: readonly string[]
  organizations: readonly ReachableOrganization[]
  person: { name: string; email: string; orgName: string }
}

const TAB = 'flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 text-[0.75rem] font-medium'

/** The navigation of a phone: the three workplaces, and everything else behind "More". */
export function BottomBar({ reachable, organizations, person }: BottomBarProps) {
  const pathname = usePathname()
  const toast = useToast()
  const [open, setOpen] = useState(false)
  const shown = DESTINATIONS.filter(({ href }) => reachable.includes(href))
  const more = shown.filter(({ primary }) => !primary)
  const inMore = more.some(({ href }) => isCurrent(pathname, href))

  return (
    <>
      <nav aria-label="Workspace" className="flex shrink-0 border-t border-line bg-surface safe-bottom md:hidden">
        {shown
          .filter(({ primary }) => primary)
          .map(({ href, label, icon: Icon }) => {
            const current = isCurrent(pathname, href)
            return (
              <Link key={href} href={href} aria-current={current ? 'page' : undefined} className={classNames(TAB, current ? 'text-accent-ink' : 'text-muted')}>
                <Icon aria-hidden className="size-5" />
                {label}
              </Link>
            )
          })}
        <button type="button" aria-haspopup="dialog" onClick={() => setOpen(true)} className={classNames(TAB, inMore ? 'text-accent-ink' : 'text-muted')}>
          <Ellipsis aria-hidden className="size-5" />
          More
        </button>
      </nav>
      <Dialog open={open} onOpenChange={setOpen} title={person.name} description={`${person.email} · ${person.orgName}`}>
        <ul className="-mx-2">
          {more.map(({ href, label, icon: Icon }) => (
            <li key={href}>
              <Link
                href={href}
                onClick={() => setOpen(false)}
                aria-current={isCurrent(pathname, href) ? 'page' : undefined}
                className="flex h-12 items-center gap-3 rounded-lg px-2 font-medium hover:bg-hover"
              >
                <Icon aria-hidden className="size-5 text-muted" />
                {label}
              </Link>
            </li>
          ))}
        </ul>
        {organizations.length > 1 && (
          <section aria-label="Your organisations" className="mt-3 border-t border-line pt-2">
            <ul className="-mx-2">
              {organizations.map(({ orgId, orgName, role, current }) => (
                <li key={orgId}>
                  <button
                    type="button"
                    aria-current={current || undefined}
                    onClick={() => {
                      if (!current) switchOrganization(orgId, role).catch((error: unknown) => toast(messageOf(error), 'error'))
                    }}
                    className="flex h-12 w-full items-center gap-3 rounded-lg px-2 text-left font-medium hover:bg-hover"
                  >
                    {current ? <Check aria-hidden className="size-5 shrink-0 text-accent-ink" /> : <Building2 aria-hidden className="size-5 shrink-0 text-muted" />}
                    <span className="truncate">{orgName}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
        <div className="mt-3 flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
          <ThemeChoice compact />
          <button type="button" onClick={() => void signOutHere()} className="flex h-10 items-center gap-2 rounded-lg px-3 font-medium hover:bg-hover">
            <LogOut aria-hidden className="size-4.5" />
            Sign out
          </button>
        </div>
      </Dialog>
    </>
  )
}
