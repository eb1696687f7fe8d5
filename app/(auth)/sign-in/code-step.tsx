'use client'

import { useState, type SubmitEvent } from 'react'

import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'

interface CodeStepProps {
  /** Signs in with the code and leaves; else what is wrong, in a sentence. */
  onCode: (code: string) => Promise<string>
  onStartAgain: () => void
}

/** The second step of a sign-in: the code of the authenticator app, or a recovery code. */
export function CodeStep({ onCode, onStartAgain }: CodeStepProps) {
  const [recovery, setRecovery] = useState(false)
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    if (code.trim() === '') {
      setError('Enter the code.')
      return
    }
    setBusy(true)
    setError(null)
    const fault = await onCode(code.trim())
    setError(fault === '' ? null : fault)
    // A page that is being left stays busy.
    if (fault !== '') {
      setBusy(false)
      setCode('')
    }
  }

  const switchKind = (): void => {
    setRecovery(!recovery)
    setCode('')
    setError(null)
  }

  return (
    <form method="post" noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      {error !== null && <Notice tone="error">{error}</Notice>}
      {recovery ? (
        <Field
          key="recovery"
          label="Recovery code"
          name="code"
          value={code}
          onChange={(event) => setCode(event.target.value)}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus
          required
          hint="One of the ten that you kept when you set this up. Each works once."
        />
      ) : (
        <Field
          key="totp"
          label="Code"
          name="code"
          value={code}
          onChange={(event) => setCode(event.target.value)}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          autoFocus
          required
          hint="The six digits that your authenticator app shows for Parley."
        />
      )}
      <Button type="submit" busy={busy} className="w-full">
        Sign in
      </Button>
      <div className="flex flex-wrap justify-between gap-2">
        <Button look="ghost" size="small" onClick={switchKind}>
          {recovery ? 'Use the app’s code' : 'Use a recovery code'}
        </Button>
        <Button look="ghost" size="small" onClick={onStartAgain}>
          Start again
        </Button>
      </div>
    </form>
  )
}
