import type { Metadata } from 'next'
import Link from 'next/link'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'

import { Notice } from '@/app/_components/notice'
import { signInProviders } from '@/app/_server/sign-in-providers'
import { ISSUER_PREFIX } from '@/lib/auth/foreign-providers'
import { ownSessionOf } from '@/lib/auth/impersonation-token'
import { currentClaims, currentDueSession, currentSession } from '@/lib/auth/session'
import { findIdentityProvider } from '@/lib/db/identity-providers'

import { ProviderButtons } from '../provider-buttons'
import { safePath } from '../safe-path'
import { signInError } from '../sign-in-errors'
import { DueStep } from './due-step'
import { ReturnNotice } from './return-notice'
import { SignInForm } from './sign-in-form'

export const metadata: Metadata = { title: 'Sign in' }

type Query = Record<'next' | 'callbackUrl' | 'error' | 'org', string | string[] | undefined>

const LINK = 'font-medium text-accent-ink underline underline-offset-3'

export default async function SignInPage({ searchParams }: { searchParams: Promise<Query> }) {
  const query = await searchParams
  const next = safePath(query.next ?? pathOf(query.callbackUrl))
  const failure = typeof query.error === 'string' ? query.error : null
  if ((await currentSession()) !== null) redirect(next)
  if ((await currentDueSession()) !== null) {
    return (
      <>
        <Heading>Enter your code</Heading>
        <p className="mt-1.5 mb-7 text-muted">Your account asks for a second step.</p>
        <DueStep next={next} />
      </>
    )
  }
  // An organisation's link leads past the form to its own sign-on.
  const organization = typeof query.org === 'string' ? await findIdentityProvider({ orgId: query.org }) : null
  if (organization !== null) {
    return (
      <>
        <Heading>Sign in to {organization.orgName}</Heading>
        <p className="mt-1.5 mb-7 text-muted">This organisation has a single sign-on of its own.</p>
        {failure !== null && (
          <div className="mb-5">
            <Notice tone="error">{signInError(failure)}</Notice>
          </div>
        )}
        <ProviderButtons providers={[{ id: `${ISSUER_PREFIX}${organization.id}`, name: organization.name }]} next={next} />
        <p className="mt-6 text-center text-[0.93rem]">
          <Link href={`/sign-in?next=${encodeURIComponent(next)}`} className={LINK}>
            Use a password instead
          </Link>
        </p>
      </>
    )
  }
  return (
    <>
      <Heading>Sign in</Heading>
      <p className="mt-1.5 mb-7 text-muted">
        New here?{' '}
        <Link href="/sign-up" className={LINK}>
          Create an account
        </Link>
      </p>
      {ownSessionOf(await currentClaims()) !== null && <ReturnNotice />}
      <SignInForm next={next} providers={signInProviders()} failure={failure} />
      <p className="mt-6 text-center text-[0.93rem]">
        <Link href="/forgot-password" className={LINK}>
          Forgot your password?
        </Link>
      </p>
    </>
  )
}

function Heading({ children }: { children: ReactNode }) {
  return <h1 className="text-2xl font-semibold tracking-tight break-words">{children}</h1>
}

/** next-auth names the whole address. */
function pathOf(address: string | string[] | undefined): string | undefined {
  if (typeof address !== 'string' || !URL.canParse(address)) return undefined
  const { pathname, search } = new URL(address)
  return `${pathname}${search}`
}
