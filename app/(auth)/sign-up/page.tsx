import type { Metadata } from 'next'
import Link from 'next/link'
import { redirect } from 'next/navigation'

import { Notice } from '@/app/_components/notice'
import { signInProviders } from '@/app/_server/sign-in-providers'
import { currentSession } from '@/lib/auth/session'
import { featureEnabled } from '@/lib/db/feature-switches'

import { OrDivider } from '../or-divider'
import { ProviderButtons } from '../provider-buttons'
import { SignUpForm } from './sign-up-form'

export const metadata: Metadata = { title: 'Create an account' }

export default async function SignUpPage() {
  if ((await currentSession()) !== null) redirect('/chat')
  const open = await featureEnabled('sign_up')
  const providers = signInProviders()
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Create an account</h1>
      <p className="mt-1.5 mb-7 text-muted">
        You have one?{' '}
        <Link href="/sign-in" className="font-medium text-accent-ink underline underline-offset-3">
          Sign in
        </Link>
      </p>
      {open ? <SignUpForm /> : <Notice tone="note">New accounts cannot be made at the moment. Ask whoever runs this installation for an invitation.</Notice>}
      {open && providers.length > 0 && (
        <>
          <OrDivider />
          <ProviderButtons providers={providers} next="/chat" />
        </>
      )}
    </>
  )
}
