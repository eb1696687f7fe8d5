'use client'

import { signIn } from 'next-auth/react'
import { useState, type SubmitEvent } from 'react'
import { z } from 'zod'

import { CallError, messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { signUpBody } from '@/lib/contract/browser'

const FIELDS = ['name', 'organization', 'email', 'password'] as const
type FieldErrors = Partial<Record<(typeof FIELDS)[number], string>>

export function SignUpForm() {
  const [busy, setBusy] = useState(false)
  const [faults, setFaults] = useState<FieldErrors>({})
  const [error, setError] = useState<string | null>(null)

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = event.currentTarget
    const entered = Object.fromEntries(new FormData(form))
    const parsed = signUpBody.safeParse(entered)
    setError(null)
    if (!parsed.success) {
      const { fieldErrors } = z.flattenError(parsed.error)
      const found: FieldErrors = Object.fromEntries(FIELDS.flatMap((field) => (fieldErrors[field]?.[0] === undefined ? [] : [[field, fieldErrors[field][0]]])))
      setFaults(found)
      const first = FIELDS.find((field) => found[field] !== undefined)
      if (first !== undefined) form.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus()
      return
    }
    setFaults({})
    setBusy(true)
    try {
      await request('/api/sign-up', { method: 'POST', body: parsed.data })
      const answer = await signIn('credentials', { email: parsed.data.email, password: parsed.data.password, redirect: false })
      window.location.assign(answer?.ok === true && !answer.error ? '/chat' : '/sign-in')
    } catch (thrown) {
      const field = thrown instanceof CallError ? FIELDS.find((name) => name === thrown.param) : undefined
      if (field === undefined) setError(messageOf(thrown))
      else setFaults({ [field]: messageOf(thrown) })
      setBusy(false)
    }
  }

  return (
    <form method="post" noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      {error !== null && <Notice tone="error">{error}</Notice>}
      <Field label="Name" name="name" autoComplete="name" autoFocus required error={faults.name} />
      <Field
        label="Organisation"
        name="organization"
        autoComplete="organization"
        required
        error={faults.organization}
        hint="A company, a team or just you. Keys and usage belong to it."
      />
      <Field label="E-mail" name="email" type="email" autoComplete="username" required error={faults.email} />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        error={faults.password}
        hint={faults.password === undefined ? 'At least 8 characters.' : undefined}
      />
      <Button type="submit" busy={busy} className="w-full">
        Create account
      </Button>
    </form>
  )
}
