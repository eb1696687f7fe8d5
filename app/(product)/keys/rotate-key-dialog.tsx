'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { callApi, messageOf } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Dialog } from '@/app/_components/dialog'
import { Notice } from '@/app/_components/notice'
import { Select } from '@/app/_components/select'
import { createdApiKey, KEY_OVERLAP_HOURS } from '@/lib/contract/browser'

import type { ListedKey } from './listed-key'
import { NewKey } from './new-key'
import { requestKey } from './request-key'

const OVERLAPS = [
  { value: '0', label: 'At once' },
  { value: '1', label: 'In an hour' },
  { value: '24', label: 'In a day' },
  { value: '168', label: 'In a week' },
  { value: '720', label: 'In 30 days' },
] as const

/** Makes a key in another's place, and shows it this once. */
export function RotateKeyDialog({ listed, onClose }: { listed: ListedKey; onClose: () => void }) {
  const router = useRouter()
  const [hours, setHours] = useState(String(KEY_OVERLAP_HOURS.usual))
  const [idempotencyKey] = useState(requestKey)
  const [key, setKey] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)

  const rotate = async (): Promise<void> => {
    setBusy(true)
    setFault(null)
    try {
      const made = await callApi(`/api/keys/${listed.id}/rotate`, createdApiKey, {
        method: 'POST',
        body: { overlapHours: Number(hours) },
        headers: { 'idempotency-key': idempotencyKey },
      })
      router.refresh()
      setKey(made.key)
    } catch (error) {
      setFault(messageOf(error))
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      dismissible={key === null}
      title={key === null ? `Rotate “${listed.name}”` : 'Your new key'}
      description={
        key === null
          ? 'A new key with the same name, uses and limits takes its place. Put it into your programs before the old one ends.'
          : 'Copy it now: it is stored as a hash only and cannot be shown again.'
      }
    >
      {key !== null ? (
        <NewKey value={key} onClose={onClose} />
      ) : (
        <div className="space-y-5">
          {fault !== null && <Notice tone="error">{fault}</Notice>}
          <div>
            <p aria-hidden className="mb-1.5 text-[0.93rem] font-medium">
              The old key ends
            </p>
            <Select label="The old key ends" value={hours} options={OVERLAPS} onChange={setHours} className="w-full" />
          </div>
          <div className="flex justify-end gap-2">
            <Button look="secondary" onClick={onClose}>
              Cancel
            </Button>
            <Button busy={busy} onClick={() => void rotate()}>
              Rotate key
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  )
}
