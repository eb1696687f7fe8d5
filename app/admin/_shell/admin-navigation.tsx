'use client'

import ArrowLeft from 'lucide-react/icons/arrow-left'
import LogOut from 'lucide-react/icons/log-out'
import MenuIcon from 'lucide-react/icons/menu'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useState } from 'react'

import { signOutHere } from '@/app/(product)/_shell/sign-out-here'
import { classNames } from '@/app/_components/class-names'
import { Dialog } from '@/app/_components/dialog'
import { IconButton } from '@/app/_components/icon-button'
import { LogoMark } from '@/app/_components/logo'
import { ThemeChoice } from '@/app/_components/theme-choice'

import { ADMIN_PAGES, isCurrentAdminPage } from './navigation'

interface AdminNavigationProps {
  operator: { name: string; email: string }
}

const BRAND = (
  <span className="inline-flex items-center gap-2.5">
    <LogoMark />
    <span className="text-[1.05rem] font-semibold tracking-tight">
      Parley <span className="text-muted">operations</span>
    </span>
  </span>
)

/** On the side of a wide screen; on a phone a bar at the top, whose button opens the same list. */
export function AdminNavigation({ operator }: AdminNavigationProps) {
  const pathname = usePathname()
  const [open, setOpen] = useState(false)
  const here = ADMIN_PAGES.find(({ href }) => isCurrentAdminPage(pathname, href))
  return (
    <>
      <header className="hidden w-60 shrink-0 flex-col border-r border-line bg-sunken md:flex">
        <Link href="/admin" className="mx-4 mt-4 mb-5 rounded-md">
          {BRAND}
        </Link>
        <nav aria-label="Operations" className="flex-1 px-2.5">
          <Pages pathname={pathname} onChosen={() => undefined} />
        </nav>
        <div className="space-y-3 border-t border-line p-4">
          <Account operator={operator} />
        </div>
      </header>
      <header className="flex shrink-0 items-center gap-2 border-b border-line bg-sunken px-3 py-2 md:hidden">
        <IconButton size="large" label="Pages" icon={<MenuIcon aria-hidden />} onClick={() => setOpen(true)} />
        <p className="min-w-0 flex-1 truncate font-semibold">{here?.label ?? 'Operations'}</p>
        <LogoMark className="mr-1 size-6" />
      </header>
      <Dialog open={open} onOpenChange={setOpen} title="Operations">
        <nav aria-label="Operations" className="-mx-2 mt-2">
          <Pages pathname={pathname} onChosen={() => setOpen(false)} />
        </nav>
        <div className="mt-4 space-y-3 border-t border-line pt-4">
          <Account operator={operator} />
        </div>
      </Dialog>
    </>
  )
}

function Pages({ pathname, onChosen }: { pathname: string; onChosen: () => void }) {
  return (
    <ul className="space-y-0.5">
      {ADMIN_PAGES.map(({ href, label, icon: Icon }) => {
        const current = isCurrentAdminPage(pathname, href)
        return (
          <li key={href}>
            <Link
              href={href}
              onClick={onChosen}
              aria-current={current ? 'page' : undefined}
              className={classNames(
                'flex h-11 items-center gap-3 rounded-lg px-2.5 font-medium transition-colors md:h-9.5',
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
  )
}

function Account({ operator }: AdminNavigationProps) {
  return (
    <>
      <p className="truncate text-[0.87rem] text-muted" title={operator.email}>
        <span className="block truncate font-medium text-ink">{operator.name}</span>
        {operator.email}
      </p>
      <ThemeChoice compact />
      <div className="flex flex-wrap gap-x-4 gap-y-2 text-[0.93rem] font-medium">
        <Link href="/chat" className="inline-flex items-center gap-1.5 text-muted hover:text-ink">
          <ArrowLeft aria-hidden className="size-4" />
          Workspace
        </Link>
        <button type="button" onClick={() => void signOutHere()} className="inline-flex items-center gap-1.5 text-muted hover:text-ink">
          <LogOut aria-hidden className="size-4" />
          Sign out
        </button>
      </div>
    </>
  )
}
