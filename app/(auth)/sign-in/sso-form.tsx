'use client'

import { useState, type SubmitEvent } from 'react'

import { callApi, messageOf } from '@/app/_browser/call-api'
import { leaveForProvider } from '@/app/_browser/provider-sign-in'
import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { ssoLookup, ssoLookupBody } from '@/lib/contract/sign-in'

/** Finds the organisation by the address's domain and leaves for its own page. */
export function SsoForm({ next, onBack }: { next: string; onBack: () => void }) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | undefined>(undefined)

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const parsed = ssoLookupBody.safeParse(Object.fromEntries(new FormData(event.currentTarget)))
    if (!parsed.success) {
      setError(parsed.error.issues[0]?.message)
      return
    }
    setBusy(true)
    setError(undefined)
    try {
      const { provider } = await callApi('/api/sign-in/sso', ssoLookup, { method: 'POST', body: parsed.data })
      await leaveForProvider(provider, next)
    } catch (thrown) {
      setError(messageOf(thrown))
      setBusy(false)
    }
  }

  return (
    <form method="post" noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      <Field
        label="E-mail at work"
        name="email"
        type="email"
        autoComplete="username"
        autoFocus
        required
        error={error}
        hint="Your organisation is found by what stands after the @."
      />
      <Button type="submit" busy={busy} className="w-full">
        Continue
      </Button>
      <Button look="ghost" onClick={onBack} className="w-full">
        Use a password instead
      </Button>
    </form>
  )
}
