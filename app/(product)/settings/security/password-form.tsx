'use client'

import { useRouter } from 'next/navigation'
import { useState, type SubmitEvent } from 'react'

import { CallError, messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { useToast } from '@/app/_components/toast'

import { confirmationFaults, ConfirmationFields, type ConfirmationFaults, type Factors } from './confirmation-fields'

export function PasswordForm({ factors }: { factors: Factors }) {
  const router = useRouter()
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const [faults, setFaults] = useState<ConfirmationFaults & { newPassword?: string }>({})
  const [error, setError] = useState<string | null>(null)

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = event.currentTarget
    setBusy(true)
    setFaults({})
    setError(null)
    try {
      await request('/api/account/password', { method: 'POST', body: Object.fromEntries(new FormData(form)) })
      form.reset()
      toast(factors.password ? 'The password is changed. Every other session has ended.' : 'The password is set.')
      router.refresh()
    } catch (thrown) {
      const found = thrown instanceof CallError && thrown.param === 'newPassword' ? { newPassword: thrown.message } : confirmationFaults(thrown)
      if (found === null) setError(messageOf(thrown))
      else setFaults(found)
    }
    setBusy(false)
  }

  return (
    <form method="post" noValidate onSubmit={(event) => void submit(event)} className="max-w-sm space-y-5">
      {error !== null && <Notice tone="error">{error}</Notice>}
      <ConfirmationFields factors={factors} faults={faults} />
      <Field label="New password" name="newPassword" type="password" autoComplete="new-password" required error={faults.newPassword} hint="At least 8 characters. Every other session ends." />
      <Button type="submit" look="secondary" busy={busy}>
        {factors.password ? 'Change the password' : 'Set a password'}
      </Button>
    </form>
  )
}
