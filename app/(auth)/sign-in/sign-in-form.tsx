'use client'

import { signIn } from 'next-auth/react'
import { useState, type FormEvent } from 'react'

import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'

/** next-auth's own word for "no such person, or not this password". */
const WRONG_CREDENTIALS = 'CredentialsSignin'

export function SignInForm({ next }: { next: string }) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
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
      setError(answer?.error === WRONG_CREDENTIALS || !answer?.error ? 'The e-mail address or the password is not right.' : answer.error)
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
