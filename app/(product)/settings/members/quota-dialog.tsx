'use client'

import { useRouter } from 'next/navigation'
import { useState, type SubmitEvent } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Dialog } from '@/app/_components/dialog'
import { Field } from '@/app/_components/field'

import type { ListedMember } from './listed-member'

/** Whole numbers, with or without separators between the thousands. */
function parseTokens(entered: string): number | null | undefined {
  const digits = entered.replace(/[\s,.'’]/gu, '')
  if (digits === '') return null
  return /^\d{1,15}$/u.test(digits) ? Number(digits) : undefined
}

export function QuotaDialog({ member, onClose }: { member: ListedMember; onClose: () => void }) {
  const router = useRouter()
  const [entered, setEntered] = useState(member.quota === null ? '' : String(member.quota))
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | undefined>(undefined)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const tokenQuota = parseTokens(entered)
    if (tokenQuota === undefined) {
      setError('Enter a whole number of tokens, or nothing for no limit.')
      return
    }
    setBusy(true)
    try {
      await request(`/api/organization/members/${member.userId}`, { method: 'PATCH', body: { tokenQuota } })
      router.refresh()
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
      title={`Monthly quota of ${member.name}`}
      description="Prompt and completion tokens in chats, texts and translations, from the first of the month (UTC). Requests beyond it are refused."
    >
      <form noValidate onSubmit={(event) => void submit(event)}>
        <Field
          label="Tokens a month"
          inputMode="numeric"
          value={entered}
          onChange={(event) => setEntered(event.target.value)}
          error={error}
          hint="Empty: as much as the organisation’s own quota leaves."
        />
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
