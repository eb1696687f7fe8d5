import type { Metadata } from 'next'
import Link from 'next/link'

import { buttonClasses } from '@/app/_components/button'
import { readPasswordReset } from '@/lib/services/reset-password'

import { NewPasswordForm } from './new-password-form'

// The link is a secret: it is told to no site that a person goes to from here.
export const metadata: Metadata = { title: 'New password', referrer: 'no-referrer' }

export default async function ResetPasswordPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  const reset = await readPasswordReset(token)
  if (reset === null) {
    return (
      <>
        <h1 className="text-2xl font-semibold tracking-tight">This link does not hold</h1>
        <p className="mt-1.5 mb-7 text-muted">It was used, or it is older than an hour. Ask for a new one.</p>
        <Link href="/forgot-password" className={buttonClasses('secondary')}>
          Ask for a new link
        </Link>
      </>
    )
  }
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">New password</h1>
      <p className="mt-1.5 mb-7 text-muted">For {reset.email}. It signs you out everywhere.</p>
      <NewPasswordForm token={token} email={reset.email} />
    </>
  )
}
