import type { Metadata } from 'next'
import Link from 'next/link'
import { connection } from 'next/server'

import { Notice } from '@/app/_components/notice'
import { mailConfigured } from '@/lib/mail/send-mail'

import { RequestForm } from './request-form'

export const metadata: Metadata = { title: 'Forgotten password' }

export default async function ForgotPasswordPage() {
  await connection()
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Forgotten password</h1>
      <p className="mt-1.5 mb-7 text-muted">
        You know it?{' '}
        <Link href="/sign-in" className="font-medium text-accent-ink underline underline-offset-3">
          Sign in
        </Link>
      </p>
      {mailConfigured() ? (
        <RequestForm />
      ) : (
        <Notice tone="warning">
          This installation sends no mail. Ask whoever runs it for a link to a new password: <code className="break-words">npm run -s parley -- operator reset-password</code> prints one.
        </Notice>
      )}
    </>
  )
}
