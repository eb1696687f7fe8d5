'use client'

import { signIn } from 'next-auth/react'
import { useState, type SubmitEvent } from 'react'

import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'

/** What the codes mean that sign-in fails with; the first is next-auth's own for an unknown address and a wrong password alike. */
const REASONS: Readonly<Record<string, string>> = {
  CredentialsSignin: 'The e-mail address or the password is not right.',
  account_locked: 'Too many failed attempts. Sign-in with this address is locked for 15 minutes.',
  insufficient_permissions: 'This account belongs to no organisation.',
}

export function SignInForm({ next }: { next: string }) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const email = form.get('email')
    const password = form.get('password')
    if (typeof email !== 'string' || email.trim() === '' || typeof password !== 'string' || password === '') {
      setError('Enter your e-mail address and your password.')
      return
    }
    setBusy(true)
    setError(null)
    try {
      const answer = await signIn('credentials', { email: email.trim(), password, redirect: false })
      if (answer?.ok === true && !answer.error) {
        // A whole new page: nothing of the signed-out one may stay in memory.
        window.location.assign(next)
        return
      }
      setError(REASONS[answer?.error ?? ''] ?? 'Signing in failed on the server. Try again.')
    } catch {
      setError('The server could not be reached. Check the connection and try again.')
    }
    setBusy(false)
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      {error !== null && <Notice tone="error">{error}</Notice>}
      <Field label="E-mail" name="email" type="email" autoComplete="username" autoFocus required />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required />
      <Button type="submit" busy={busy} className="w-full">
        Sign in
      </Button>
    </form>
  )
}
