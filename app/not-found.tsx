import Link from 'next/link'

import { buttonClasses } from './_components/button'
import { LogoMark } from './_components/logo'

export default function NotFound() {
  return (
    <main className="grid min-h-[70dvh] place-items-center px-6 text-center">
      <div>
        <LogoMark className="mx-auto size-12" />
        <h1 className="mt-5 text-2xl font-semibold tracking-tight">There is nothing here</h1>
        <p className="mt-2 text-muted">The page does not exist, or it belongs to someone else.</p>
        <Link href="/" className={`${buttonClasses('secondary')} mt-6`}>
          To the start page
        </Link>
      </div>
    </main>
  )
}
