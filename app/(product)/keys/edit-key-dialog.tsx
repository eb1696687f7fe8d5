'use client'

import { useRouter } from 'next/navigation'
import { useState, type SubmitEvent } from 'react'

import { request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Dialog } from '@/app/_components/dialog'
import { Notice } from '@/app/_components/notice'
import { useToast } from '@/app/_components/toast'

import { faultOf } from './fault-of'
import { dateFieldValue, KEY_PARAMS, keyBody, KeyFields, type Fault, type KeyDraft } from './key-fields'
import type { ListedKey } from './listed-key'
import { SCOPE_CHOICES } from './scope-names'

interface EditKeyDialogProps {
  listed: ListedKey
  planRequests: number
  onClose: () => void
}

export function EditKeyDialog({ listed, planRequests, onClose }: EditKeyDialogProps) {
  const router = useRouter()
  const toast = useToast()
  const [before] = useState<KeyDraft>({
    name: listed.name,
    scopes: SCOPE_CHOICES.map(({ scope }) => scope).filter((scope) => listed.scopes.includes(scope)),
    expiry: listed.expiresAt === null ? 'never' : 'date',
    date: listed.expiresAt === null ? '' : dateFieldValue(listed.expiresAt),
    requestsPerMinute: listed.requestsPerMinute?.toString() ?? '',
    tokenQuota: listed.tokenQuota?.toString() ?? '',
  })
  const [draft, setDraft] = useState(before)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Fault | null>(null)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    // What was left alone is not sent: a moment is not moved to the end of its day, and scopes that the page does not offer stay.
    const { expiresAt, scopes, ...rest } = keyBody(draft)
    const body = {
      ...rest,
      ...(draft.expiry === before.expiry && draft.date === before.date ? {} : { expiresAt }),
      ...(draft.scopes === before.scopes ? {} : { scopes }),
    }
    try {
      await request(`/api/keys/${listed.id}`, { method: 'PATCH', body })
      toast(`The key “${draft.name.trim()}” is changed.`)
      router.refresh()
      onClose()
    } catch (error) {
      setFault(faultOf(error))
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={`Edit “${listed.name}”`}
    >
      <form noValidate onSubmit={(event) => void submit(event)} className="mt-3 space-y-5">
        {fault !== null && !KEY_PARAMS.includes(fault.param ?? '') && <Notice tone="error">{fault.message}</Notice>}
        <KeyFields draft={draft} onChange={setDraft} fault={fault} planRequests={planRequests} />
        <div className="flex justify-end gap-2">
          <Button look="secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" busy={busy} disabled={draft.scopes.length === 0}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
