'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'

import { classNames } from '@/app/_components/class-names'

interface SettingsTabsProps {
  pages: readonly { href: string; label: string }[]
}

/** On a phone the row scrolls sideways, with the current page in sight. */
export function SettingsTabs({ pages }: SettingsTabsProps) {
  const pathname = usePathname()
  const current = useRef<HTMLAnchorElement>(null)

  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [pathname])

  return (
    <nav aria-label="Settings" className="shrink-0 border-b border-line">
      <ul className="mx-auto flex w-full max-w-5xl gap-1 overflow-x-auto px-2 [scrollbar-width:none] md:px-6">
        {pages.map(({ href, label }) => {
          const here = href === '/settings' ? pathname === href : pathname.startsWith(href)
          return (
            <li key={href} className="shrink-0">
              <Link
                ref={here ? current : undefined}
                href={href}
                aria-current={here ? 'page' : undefined}
                className={classNames(
                  'flex h-12 items-center border-b-2 px-2.5 text-[0.93rem] font-medium',
                  here ? 'border-accent text-ink' : 'border-transparent text-muted hover:text-ink',
                )}
              >
                {label}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
