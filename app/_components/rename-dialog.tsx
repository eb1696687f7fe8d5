'use client'

import { useState, type SubmitEvent } from 'react'

import { messageOf } from '@/app/_browser/call-api'

import { Button } from './button'
import { Dialog } from './dialog'
import { Field } from './field'

interface RenameDialogProps {
  title: string
  label: string
  current: string
  onClose: () => void
  /** What it throws is shown under the field. */
  onRename: (name: string) => Promise<void>
}

export function RenameDialog({ title, label, current, onClose, onRename }: RenameDialogProps) {
  const [name, setName] = useState(current)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | undefined>(undefined)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    try {
      await onRename(name)
      onClose()
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
    >
      <form noValidate onSubmit={(event) => void submit(event)} className="mt-3">
        <Field label={label} value={name} onChange={(event) => setName(event.target.value)} error={error} maxLength={120} />
        <div className="mt-5 flex justify-end gap-2">
          <Button look="secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" busy={busy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
