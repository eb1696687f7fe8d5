'use client'

import Plus from 'lucide-react/icons/plus'
import { useState, type SubmitEvent } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Dialog } from '@/app/_components/dialog'
import { Field } from '@/app/_components/field'

export function NewOrganizationButton() {
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | undefined>(undefined)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      await request('/api/organizations', { method: 'POST', body: { name } })
      // A whole new page: nothing of the organisation before may stay in memory.
      window.location.assign('/settings/organization')
    } catch (thrown) {
      setError(messageOf(thrown))
      setBusy(false)
    }
  }

  return (
    <>
      <Button look="secondary" onClick={() => setOpen(true)}>
        <Plus aria-hidden className="size-4" />
        New organisation
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title="New organisation" description="You own it, on the free plan, and go on in it.">
        <form noValidate onSubmit={(event) => void submit(event)}>
          <Field label="Name" autoComplete="organization" value={name} onChange={(event) => setName(event.target.value)} error={error} maxLength={80} />
          <div className="mt-5 flex justify-end gap-2">
            <Button look="secondary" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button type="submit" busy={busy} disabled={name.trim() === ''}>
              Create
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  )
}
