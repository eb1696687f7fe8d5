'use client'

import Plus from 'lucide-react/icons/plus'
import { useRouter } from 'next/navigation'
import { useState, type SubmitEvent } from 'react'

import { callApi } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Dialog } from '@/app/_components/dialog'
import { Notice } from '@/app/_components/notice'
import { createdApiKey } from '@/lib/contract/browser'

import { faultOf } from './fault-of'
import { KEY_PARAMS, keyBody, KeyFields, type Fault, type KeyDraft } from './key-fields'
import { NewKey } from './new-key'
import { requestKey } from './request-key'
import { SCOPE_CHOICES } from './scope-names'

export function NewKeyButton({ planRequests }: { planRequests: number }) {
  const [open, setOpen] = useState(false)
  const [key, setKey] = useState<string | null>(null)

  const close = (): void => {
    setOpen(false)
    setKey(null)
  }

  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Plus aria-hidden className="size-4" />
        Create key
      </Button>
      {open && (
        <Dialog
          open
          onOpenChange={(wanted) => {
            if (!wanted) close()
          }}
          dismissible={key === null}
          title={key === null ? 'Create an API key' : 'Your new key'}
          description={key === null ? undefined : 'Copy it now: it is stored as a hash only and cannot be shown again.'}
        >
          {key === null ? <NewKeyForm planRequests={planRequests} onCreated={setKey} onCancel={close} /> : <NewKey value={key} onClose={close} />}
        </Dialog>
      )}
    </>
  )
}

interface NewKeyFormProps {
  planRequests: number
  onCreated: (key: string) => void
  onCancel: () => void
}

function NewKeyForm({ planRequests, onCreated, onCancel }: NewKeyFormProps) {
  const router = useRouter()
  const [draft, setDraft] = useState<KeyDraft>({
    name: '',
    scopes: SCOPE_CHOICES.map(({ scope }) => scope),
    expiry: 'never',
    date: '',
    requestsPerMinute: '',
    tokenQuota: '',
  })
  // One key, however often an answer that got lost is asked for again.
  const [idempotencyKey] = useState(requestKey)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Fault | null>(null)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      const { key } = await callApi('/api/keys', createdApiKey, { method: 'POST', body: keyBody(draft), headers: { 'idempotency-key': idempotencyKey } })
      router.refresh()
      onCreated(key)
    } catch (error) {
      setFault(faultOf(error))
      setBusy(false)
    }
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="mt-3 space-y-5">
      {fault !== null && !KEY_PARAMS.includes(fault.param ?? '') && <Notice tone="error">{fault.message}</Notice>}
      <KeyFields draft={draft} onChange={setDraft} fault={fault} planRequests={planRequests} />
      <div className="flex justify-end gap-2">
        <Button look="secondary" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" busy={busy} disabled={draft.scopes.length === 0}>
          Create key
        </Button>
      </div>
    </form>
  )
}
