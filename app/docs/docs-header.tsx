import Link from 'next/link'

import { buttonClasses } from '@/app/_components/button'
import { Logo } from '@/app/_components/logo'
import { ThemeChoice } from '@/app/_components/theme-choice'

export function DocsHeader() {
  return (
    <header className="border-b border-line bg-sunken">
      <div className="mx-auto flex w-full max-w-7xl flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 md:px-8">
        <Link href="/" aria-label="Parley, start" className="rounded-md">
          <Logo />
        </Link>
        <div className="ml-auto flex items-center gap-2">
          <a href="/openapi.json" className={buttonClasses('ghost', 'small')}>
            OpenAPI
          </a>
          <Link href="/keys" className={buttonClasses('secondary', 'small')}>
            Get a key
          </Link>
          <span className="max-sm:hidden">
            <ThemeChoice />
          </span>
        </div>
      </div>
    </header>
  )
}
