'use client'

import { useState } from 'react'

import { Button } from '@/app/_components/button'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { Field } from '@/app/_components/field'
import { MAX_RETENTION_DAYS } from '@/lib/contract/privacy'

import { usePrivacyChange } from './use-privacy-change'

export function RetentionForm({ days }: { days: number | null }) {
  const { busy, error, send } = usePrivacyChange()
  const [limited, setLimited] = useState(days !== null)
  const [entered, setEntered] = useState(String(days ?? 90))
  const [asking, setAsking] = useState(false)
  const wanted = limited ? Number(entered) : null
  const understood = wanted === null || (/^\d+$/.test(entered) && wanted >= 1 && wanted <= MAX_RETENTION_DAYS)
  const shortens = wanted !== null && (days === null || wanted < days)

  const save = (): Promise<boolean> =>
    send({ retentionDays: wanted }, wanted === null ? 'Texts are kept until somebody deletes them.' : `Texts are kept for ${wanted} ${wanted === 1 ? 'day' : 'days'}.`)

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (shortens) setAsking(true)
        else void save()
      }}
      className="space-y-4"
    >
      <fieldset className="space-y-2.5">
        <legend className="sr-only">How long texts are kept</legend>
        <label className="flex items-center gap-3">
          <input type="radio" name="retention" checked={!limited} onChange={() => setLimited(false)} className="size-4 accent-accent" />
          Until somebody deletes them
        </label>
        <label className="flex items-center gap-3">
          <input type="radio" name="retention" checked={limited} onChange={() => setLimited(true)} className="size-4 accent-accent" />
          For a number of days
        </label>
      </fieldset>
      {limited && (
        <Field
          label="Days"
          inputMode="numeric"
          value={entered}
          onChange={(event) => setEntered(event.target.value)}
          error={error ?? (understood ? undefined : `Enter whole days, from 1 to ${MAX_RETENTION_DAYS}.`)}
          className="max-w-40"
        />
      )}
      <Button type="submit" look="secondary" busy={busy} disabled={!understood || wanted === days}>
        Save
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Keep texts for ${entered} days only?`}
        description="Everything of this organisation that is older is removed within the hour, for all members. It cannot be had back."
        action="Remove what is older"
        onConfirm={async () => {
          // What went wrong stands below the field.
          await save()
          return true
        }}
      />
    </form>
  )
}
