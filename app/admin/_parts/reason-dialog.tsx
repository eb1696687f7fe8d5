'use client'

import { useState, type ReactNode, type SubmitEvent } from 'react'

import { messageOf } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Dialog } from '@/app/_components/dialog'
import { Field } from '@/app/_components/field'

interface ReasonDialogProps {
  title: string
  description: ReactNode
  /** The verb of what is about to happen. */
  action: string
  danger?: boolean
  onClose: () => void
  /** What it throws is shown; it stays open then. */
  onConfirm: (reason: string) => Promise<void>
}

/** Asks for the reason of something that is kept in the audit log. */
export function ReasonDialog({ title, description, action, danger = false, onClose, onConfirm }: ReasonDialogProps) {
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | undefined>(undefined)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm(reason)
    } catch (thrown) {
      setError(messageOf(thrown))
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={title}
      description={description}
    >
      <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
        <Field label="Reason" value={reason} onChange={(event) => setReason(event.target.value)} maxLength={300} error={error} hint="Kept in the audit log, which the tenant’s owners read too." />
        <div className="flex justify-end gap-2">
          <Button look="secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" look={danger ? 'danger' : 'primary'} busy={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
