import type { Metadata } from 'next'
import Link from 'next/link'
import { redirect } from 'next/navigation'

import { buttonClasses } from '@/app/_components/button'
import { currentSession } from '@/lib/auth/session'
import { readVerification } from '@/lib/services/verify-email'

import { VerifyButton } from './verify-button'

// The link is a secret: it is told to no site that a person goes to from here.
export const metadata: Metadata = { title: 'Confirm your address', referrer: 'no-referrer' }

export default async function VerifyEmailPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  const session = await currentSession()
  if (session === null) redirect(`/sign-in?next=${encodeURIComponent(`/verify-email/${token}`)}`)
  const link = readVerification(token)
  if (link?.userId !== session.userId) {
    return (
      <>
        <h1 className="text-2xl font-semibold tracking-tight">This link does not hold</h1>
        <p className="mt-1.5 mb-7 text-muted">It is too old, or it belongs to another account than {session.email}. You find a new one in your settings.</p>
        <Link href="/settings" className={buttonClasses('secondary')}>
          Settings
        </Link>
      </>
    )
  }
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Confirm your address</h1>
      <p className="mt-1.5 mb-7 text-muted">
        {link.email} is the address of your account {session.name}.
      </p>
      <VerifyButton token={token} />
    </>
  )
}
