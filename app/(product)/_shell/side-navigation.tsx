'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'

import { classNames } from '@/app/_components/class-names'
import { Logo } from '@/app/_components/logo'

import { DESTINATIONS, isCurrent } from './navigation'

interface SideNavigationProps {
  /** The pages that the person's role reaches. */
  reachable: readonly string[]
  footer: ReactNode
}

export function SideNavigation({ reachable, footer }: SideNavigationProps) {
  const pathname = usePathname()
  return (
    <header className="hidden w-56 shrink-0 flex-col border-r border-line bg-sunken md:flex">
      <Link href="/chat" aria-label="Parley, chat" className="mx-4 mt-4 mb-5 rounded-md">
        <Logo />
      </Link>
      <nav aria-label="Workspace" className="flex-1 px-2.5">
        <ul className="space-y-0.5">
          {DESTINATIONS.filter(({ href }) => reachable.includes(href)).map(({ href, label, icon: Icon }) => {
            const current = isCurrent(pathname, href)
            return (
              <li key={href}>
                <Link
                  href={href}
                  aria-current={current ? 'page' : undefined}
                  className={classNames(
                    'flex h-9.5 items-center gap-3 rounded-lg px-2.5 font-medium transition-colors',
                    current ? 'bg-surface text-ink shadow-card' : 'text-muted hover:bg-hover hover:text-ink',
                  )}
                >
                  <Icon aria-hidden className={classNames('size-4.5', current && 'text-accent-ink')} />
                  {label}
                </Link>
              </li>
            )
          })}
        </ul>
      </nav>
      <div className="p-2.5">{footer}</div>
    </header>
  )
}
