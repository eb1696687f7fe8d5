import Link from 'next/link'
import type { ReactNode } from 'react'

import { Logo } from '@/app/_components/logo'

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="px-5 py-4 md:px-8">
        <Link href="/" aria-label="Parley, start page" className="inline-block rounded-md">
          <Logo />
        </Link>
      </header>
      <main className="flex flex-1 flex-col items-center px-5 pt-6 pb-12 md:pt-[8vh]">
        <div className="w-full max-w-[25rem]">{children}</div>
      </main>
    </div>
  )
}
