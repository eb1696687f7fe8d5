'use client'

import { useState, type SubmitEvent } from 'react'

import { CallError, messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'

export function RequestForm() {
  const [email, setEmail] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<{ param: string | null; message: string } | null>(null)
  const [asked, setAsked] = useState<string | null>(null)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      await request('/api/password-reset', { method: 'POST', body: { email } })
      setAsked(email.trim())
    } catch (thrown) {
      setFault({ param: thrown instanceof CallError ? thrown.param : null, message: messageOf(thrown) })
    }
    setBusy(false)
  }

  if (asked !== null) {
    return (
      <div role="status" className="space-y-3">
        <Notice tone="note">If there is an account {asked}, a mail with a link to a new password is on its way to it. The link works for an hour.</Notice>
        <p className="text-[0.93rem] text-muted">Nothing there after a few minutes? Look among the unwanted mail, and check the address.</p>
      </div>
    )
  }
  return (
    <form method="post" noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      {fault !== null && fault.param !== 'email' && <Notice tone="error">{fault.message}</Notice>}
      <Field
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={fault?.param === 'email' ? fault.message : undefined}
      />
      <Button type="submit" busy={busy} className="w-full">
        Mail me a link
      </Button>
    </form>
  )
}
