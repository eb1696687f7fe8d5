'use client'

import { useState, type SubmitEvent } from 'react'

import { messageOf } from '@/app/_browser/call-api'
import { Button, type ButtonLook } from '@/app/_components/button'
import { Notice } from '@/app/_components/notice'

import { confirmationFaults, ConfirmationFields, type ConfirmationFaults, type Factors } from './confirmation-fields'

interface ConfirmFormProps {
  factors: Factors
  action: string
  look?: ButtonLook
  /** What it throws is shown beside its field or above them. */
  onConfirm: (confirmation: Record<string, FormDataEntryValue>) => Promise<void>
}

/** Asks once more who it is before something that matters. */
export function ConfirmForm({ factors, action, look = 'primary', onConfirm }: ConfirmFormProps) {
  const [busy, setBusy] = useState(false)
  const [faults, setFaults] = useState<ConfirmationFaults>({})
  const [error, setError] = useState<string | null>(null)

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const entered = Object.fromEntries(new FormData(event.currentTarget))
    setBusy(true)
    setFaults({})
    setError(null)
    try {
      await onConfirm(entered)
    } catch (thrown) {
      const found = confirmationFaults(thrown)
      if (found === null) setError(messageOf(thrown))
      else setFaults(found)
    }
    setBusy(false)
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      {error !== null && <Notice tone="error">{error}</Notice>}
      <ConfirmationFields factors={factors} faults={faults} />
      <div className="flex justify-end">
        <Button type="submit" look={look} busy={busy}>
          {action}
        </Button>
      </div>
    </form>
  )
}
