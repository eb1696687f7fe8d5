'use client'

import Link from 'next/link'
import { useState, type SubmitEvent } from 'react'

import { callApi, CallError, messageOf } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { invitationAccepted } from '@/lib/contract/organizations'

import { enterOrganization } from './enter-organization'
import type { InvitationEntry } from './invitation-entry'

/** For somebody who has an account and is signed out. */
export function ExistingPersonForm({ token, orgId, email, role }: InvitationEntry) {
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<{ param: string | null; message: string } | null>(null)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      await callApi('/api/invitations/accept', invitationAccepted, { method: 'POST', body: { token, password } })
      await enterOrganization({ email, password }, { orgId, role })
    } catch (thrown) {
      setFault({ param: thrown instanceof CallError ? thrown.param : null, message: messageOf(thrown) })
      setBusy(false)
    }
  }

  return (
    <form method="post" noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      {fault !== null && fault.param !== 'password' && <Notice tone="error">{fault.message}</Notice>}
      <Field label="E-mail" type="email" name="email" autoComplete="username" value={email} readOnly />
      <Field
        label="Password"
        type="password"
        name="password"
        autoComplete="current-password"
        autoFocus
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={fault?.param === 'password' ? fault.message : undefined}
        hint="Of the account that you have here."
      />
      <Button type="submit" busy={busy} disabled={password === ''} className="w-full">
        Sign in and join
      </Button>
      <p className="text-center text-[0.93rem]">
        <Link href={`/sign-in?next=${encodeURIComponent(`/invitations/${token}`)}`} className="font-medium text-accent-ink underline underline-offset-3">
          Sign in another way
        </Link>
      </p>
    </form>
  )
}
