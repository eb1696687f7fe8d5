import type { Metadata } from 'next'
import type { ReactNode } from 'react'

import { operatorSession } from '@/app/_server/operator-session'

import { AdminNavigation } from './_shell/admin-navigation'

export const metadata: Metadata = { title: { default: 'Operations', template: '%s · Parley operations' }, robots: { index: false, follow: false } }

export default async function AdminLayout({ children }: { children: ReactNode }) {
  const { name, email } = await operatorSession()
  return (
    <div className="flex h-screen-visible flex-col md:flex-row">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60 focus:rounded-lg focus:bg-raised focus:px-4 focus:py-2 focus:shadow-float"
      >
        Skip to the content
      </a>
      <AdminNavigation operator={{ name, email }} />
      <main id="content" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
        {children}
      </main>
    </div>
  )
}
