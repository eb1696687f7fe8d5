'use client'

import { useState, type SubmitEvent } from 'react'

import { CallError, messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'

export function NewPasswordForm({ token, email }: { token: string; email: string }) {
  const [newPassword, setNewPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<{ param: string | null; message: string } | null>(null)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      await request('/api/password-reset/confirm', { method: 'POST', body: { token, newPassword } })
      window.location.assign('/sign-in')
    } catch (thrown) {
      setFault({ param: thrown instanceof CallError ? thrown.param : null, message: messageOf(thrown) })
      setBusy(false)
    }
  }

  return (
    <form method="post" noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      {fault !== null && fault.param !== 'newPassword' && <Notice tone="error">{fault.message}</Notice>}
      <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
      <Field
        label="New password"
        name="newPassword"
        type="password"
        autoComplete="new-password"
        autoFocus
        value={newPassword}
        onChange={(event) => setNewPassword(event.target.value)}
        error={fault?.param === 'newPassword' ? fault.message : undefined}
        hint={fault?.param === 'newPassword' ? undefined : 'At least 8 characters.'}
      />
      <Button type="submit" busy={busy} className="w-full">
        Save and sign in
      </Button>
    </form>
  )
}
