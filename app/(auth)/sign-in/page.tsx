import type { Metadata } from 'next'
import Link from 'next/link'
import { redirect } from 'next/navigation'

import { currentSession } from '@/lib/auth/session'

import { safePath } from '../safe-path'
import { SignInForm } from './sign-in-form'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const next = safePath((await searchParams).next)
  if ((await currentSession()) !== null) redirect(next)
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Sign in</h1>
      <p className="mt-1.5 mb-7 text-muted">
        New here?{' '}
        <Link href="/sign-up" className="font-medium text-accent-ink underline underline-offset-3">
          Create an account
        </Link>
      </p>
      <SignInForm next={next} />
      <p className="mt-6 text-center text-[0.93rem]">
        <Link href="/forgot-password" className="font-medium text-accent-ink underline underline-offset-3">
          Forgot your password?
        </Link>
      </p>
    </>
  )
}
