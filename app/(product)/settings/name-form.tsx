'use client'

import { useRouter } from 'next/navigation'
import { useState, type SubmitEvent } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { useToast } from '@/app/_components/toast'

interface NameFormProps {
  label: string
  current: string
  /** Where the new name is sent. */
  path: string
}

export function NameForm({ label, current, path }: NameFormProps) {
  const router = useRouter()
  const toast = useToast()
  const [name, setName] = useState(current)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | undefined>(undefined)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      await request(path, { method: 'PATCH', body: { name } })
      toast('Saved.')
      router.refresh()
    } catch (thrown) {
      setError(messageOf(thrown))
    }
    setBusy(false)
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-wrap items-end gap-3">
      <Field label={label} value={name} onChange={(event) => setName(event.target.value)} maxLength={80} error={error} className="w-full max-w-sm" />
      <Button type="submit" look="secondary" busy={busy} disabled={name.trim() === current}>
        Save
      </Button>
    </form>
  )
}
