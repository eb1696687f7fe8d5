'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'

import { classNames } from '@/app/_components/class-names'

interface SectionTabsProps {
  label: string
  /** The first is the section's own page; it is current there alone. */
  pages: readonly { href: string; label: string }[]
  width?: 'normal' | 'wide'
}

/** The pages of one section. On a phone the row scrolls sideways, with the current page in sight. */
export function SectionTabs({ label, pages, width = 'normal' }: SectionTabsProps) {
  const pathname = usePathname()
  const current = useRef<HTMLAnchorElement>(null)
  const [root] = pages

  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [pathname])

  return (
    <nav aria-label={label} className="shrink-0 border-b border-line">
      <ul className={classNames('mx-auto flex w-full gap-1 overflow-x-auto px-2 [scrollbar-width:none] md:px-6', width === 'wide' ? 'max-w-7xl' : 'max-w-5xl')}>
        {pages.map(({ href, label: name }) => {
          const here = href === root?.href ? pathname === href : pathname.startsWith(href)
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
                {name}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
