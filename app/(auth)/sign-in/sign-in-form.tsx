'use client'

import { signIn } from 'next-auth/react'
import { useState, type SubmitEvent } from 'react'

import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'

import { OrDivider } from '../or-divider'
import { ProviderButtons } from '../provider-buttons'
import { signInError } from '../sign-in-errors'
import { CodeStep } from './code-step'
import { SsoForm } from './sso-form'

interface SignInFormProps {
  next: string
  providers: readonly { id: string; name: string }[]
  /** The code of what went wrong before this page. */
  failure: string | null
}

interface Credentials {
  email: string
  password: string
}

const UNREACHABLE = 'The server could not be reached. Check the connection and try again.'

export function SignInForm({ next, providers, failure }: SignInFormProps) {
  const [step, setStep] = useState<'password' | 'code' | 'sso'>('password')
  const [credentials, setCredentials] = useState<Credentials>({ email: '', password: '' })
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState(failure === null ? null : signInError(failure))

  /** The code of what went wrong; null while the page is being left. */
  const attempt = async (sent: Credentials & { code?: string }): Promise<string | null> => {
    const answer = await signIn('credentials', { ...sent, redirect: false })
    if (answer?.ok !== true || answer.error) return answer?.error ?? ''
    // A whole new page: nothing of the signed-out one may stay in memory.
    window.location.assign(next)
    return null
  }

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const sent = { ...credentials, email: credentials.email.trim() }
    if (sent.email === '' || sent.password === '') {
      setError('Enter your e-mail address and your password.')
      return
    }
    setBusy(true)
    setError(null)
    try {
      const code = await attempt(sent)
      if (code === null) return
      if (code === 'second_factor_required') setStep('code')
      else if (code.startsWith('sso_required:')) window.location.assign(`/sign-in?${new URLSearchParams({ org: code.slice('sso_required:'.length), error: 'sso_required', next }).toString()}`)
      else setError(signInError(code))
    } catch {
      setError(UNREACHABLE)
    }
    setBusy(false)
  }

  const sendCode = async (code: string): Promise<string> => {
    try {
      const fault = await attempt({ ...credentials, code })
      if (fault === null) return ''
      return fault === 'CredentialsSignin' ? 'This code is not right, or was used before. Wait for the next one.' : signInError(fault)
    } catch {
      return UNREACHABLE
    }
  }

  const backToPassword = (): void => {
    setCredentials({ ...credentials, password: '' })
    setError(null)
    setStep('password')
  }

  if (step === 'code') return <CodeStep onCode={sendCode} onStartAgain={backToPassword} />
  if (step === 'sso') return <SsoForm next={next} onBack={backToPassword} />
  return (
    <>
      <form method="post" noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
        {error !== null && <Notice tone="error">{error}</Notice>}
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          autoFocus
          required
          value={credentials.email}
          onChange={(event) => setCredentials({ ...credentials, email: event.target.value })}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={credentials.password}
          onChange={(event) => setCredentials({ ...credentials, password: event.target.value })}
        />
        <Button type="submit" busy={busy} className="w-full">
          Sign in
        </Button>
      </form>
      <OrDivider />
      <ProviderButtons providers={providers} next={next} />
      <Button look="secondary" onClick={() => setStep('sso')} className={providers.length === 0 ? 'w-full' : 'mt-3 w-full'}>
        Continue with single sign-on
      </Button>
    </>
  )
}
