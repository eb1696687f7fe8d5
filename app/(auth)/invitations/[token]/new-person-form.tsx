'use client'

import Link from 'next/link'
import { useState, type SubmitEvent } from 'react'
import { z } from 'zod'

import { callApi, messageOf } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { invitationAccepted, newPersonForm } from '@/lib/contract/organizations'

import { enterOrganization } from './enter-organization'
import type { InvitationEntry } from './invitation-entry'

type Faults = Partial<Record<keyof z.infer<typeof newPersonForm>, string[]>>

/** For somebody new: the account is made here, without an organisation of its own. */
export function NewPersonForm({ token, orgId, email, role, otherWays }: InvitationEntry & { otherWays: boolean }) {
  const [busy, setBusy] = useState(false)
  const [faults, setFaults] = useState<Faults>({})
  const [error, setError] = useState<string | null>(null)

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = event.currentTarget
    const parsed = newPersonForm.safeParse(Object.fromEntries(new FormData(form)))
    setError(null)
    if (!parsed.success) {
      const { fieldErrors } = z.flattenError(parsed.error)
      setFaults(fieldErrors)
      form.querySelector<HTMLInputElement>(`[name=${fieldErrors.name === undefined ? 'newPassword' : 'name'}]`)?.focus()
      return
    }
    setFaults({})
    setBusy(true)
    try {
      await callApi('/api/invitations/accept', invitationAccepted, { method: 'POST', body: { token, ...parsed.data } })
      await enterOrganization({ email, password: parsed.data.newPassword }, { orgId, role })
    } catch (thrown) {
      setError(messageOf(thrown))
      setBusy(false)
    }
  }

  return (
    <form method="post" noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      {error !== null && <Notice tone="error">{error}</Notice>}
      <Field label="E-mail" type="email" name="email" autoComplete="username" value={email} readOnly />
      <Field label="Your name" name="name" autoComplete="name" autoFocus error={faults.name?.[0]} />
      <Field
        label="Password"
        type="password"
        name="newPassword"
        autoComplete="new-password"
        error={faults.newPassword?.[0]}
        hint={faults.newPassword === undefined ? 'At least 8 characters.' : undefined}
      />
      <Button type="submit" busy={busy} className="w-full">
        Create account and join
      </Button>
      {otherWays && (
        <p className="text-center text-[0.93rem]">
          <Link href={`/sign-in?next=${encodeURIComponent(`/invitations/${token}`)}`} className="font-medium text-accent-ink underline underline-offset-3">
            Join with an account elsewhere
          </Link>
        </p>
      )}
    </form>
  )
}
