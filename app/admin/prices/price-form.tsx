'use client'

import { useRouter } from 'next/navigation'
import { useState, type SubmitEvent } from 'react'

import { callApi, CallError, messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { useToast } from '@/app/_components/toast'
import { pricePreview, type PricePreview } from '@/lib/contract/admin'
import { PLAN_NAMES, type Plan } from '@/lib/domain/plans'
import { PRICE_DIRECTIONS } from '@/lib/domain/pricing'

import { FilterSelect } from '../_parts/filter-field'
import { DIRECTION_NAMES, featureName } from './names'
import { PreviewNotice } from './preview-notice'

interface PriceFormProps {
  features: readonly string[]
  models: readonly string[]
}

/** Sets a price from a moment on. What it would have made of last month is shown first; only then it can be set. */
export function PriceForm({ features, models }: PriceFormProps) {
  const router = useRouter()
  const toast = useToast()
  const [plans, setPlans] = useState<readonly Plan[]>(PLAN_NAMES)
  const [entered, setEntered] = useState({ model: '*', feature: features[0] ?? 'chat', direction: 'prompt', price: '', validFrom: '' })
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<{ param: string | null; message: string } | null>(null)
  const [preview, setPreview] = useState<PricePreview | null>(null)

  // Whatever changes, the preview is of something else.
  const enter = (change: Partial<typeof entered>): void => {
    setEntered({ ...entered, ...change })
    setPreview(null)
  }

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    const { price, validFrom, ...rest } = entered
    const body = { ...rest, plans, price: price.trim() === '' && entered.model !== '*' ? null : price, validFrom: validFrom === '' ? null : momentOf(validFrom) }
    try {
      if (preview === null) setPreview(await callApi('/api/admin/prices/preview', pricePreview, { method: 'POST', body }))
      else {
        await request('/api/admin/prices', { method: 'POST', body })
        setPreview(null)
        setEntered({ ...entered, price: '', validFrom: '' })
        toast('The price is set.')
        router.refresh()
      }
    } catch (error) {
      setFault({ param: error instanceof CallError ? error.param : null, message: messageOf(error) })
    }
    setBusy(false)
  }

  const errorOf = (...params: string[]): string | undefined => (fault !== null && fault.param !== null && params.includes(fault.param) ? fault.message : undefined)
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="space-y-4">
      {fault !== null && errorOf('price', 'validFrom', 'valid_from') === undefined && <Notice tone="error">{fault.message}</Notice>}
      <fieldset className="flex flex-wrap gap-x-5 gap-y-2">
        <legend className="mb-1 text-[0.83rem] font-medium text-muted">Plans</legend>
        {PLAN_NAMES.map((plan) => (
          <label key={plan} className="flex items-center gap-2 capitalize">
            <input
              type="checkbox"
              checked={plans.includes(plan)}
              onChange={(event) => {
                setPlans(event.target.checked ? [...plans, plan] : plans.filter((other) => other !== plan))
                setPreview(null)
              }}
              className="size-4 accent-accent"
            />
            {plan}
          </label>
        ))}
      </fieldset>
      <div className="grid gap-4 md:grid-cols-3">
        <FilterSelect label="Model" value={entered.model} onChange={(event) => enter({ model: event.target.value })}>
          <option value="*">Every model</option>
          {models.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </FilterSelect>
        <FilterSelect label="Feature" value={entered.feature} onChange={(event) => enter({ feature: event.target.value })}>
          {features.map((feature) => (
            <option key={feature} value={feature}>
              {featureName(feature)}
            </option>
          ))}
        </FilterSelect>
        <FilterSelect label="For a million" value={entered.direction} onChange={(event) => enter({ direction: event.target.value })}>
          {PRICE_DIRECTIONS.map((direction) => (
            <option key={direction} value={direction}>
              {DIRECTION_NAMES[direction]}
            </option>
          ))}
        </FilterSelect>
      </div>
      <div className="grid gap-4 md:grid-cols-3">
        <Field
          label="Price"
          inputMode="decimal"
          value={entered.price}
          onChange={(event) => enter({ price: event.target.value })}
          placeholder="1.50"
          hint={entered.model === '*' ? undefined : 'Empty: as every model.'}
          error={errorOf('price')}
        />
        <Field
          label="Valid from"
          type="datetime-local"
          value={entered.validFrom}
          onChange={(event) => enter({ validFrom: event.target.value })}
          hint="In your own time. Empty: from now on."
          error={errorOf('validFrom', 'valid_from')}
        />
      </div>
      {preview !== null && <PreviewNotice preview={preview} />}
      <div className="flex gap-2">
        <Button type="submit" busy={busy} disabled={plans.length === 0}>
          {preview === null ? 'Preview' : 'Set the price'}
        </Button>
        {preview !== null && (
          <Button look="secondary" onClick={() => setPreview(null)}>
            Back
          </Button>
        )}
      </div>
    </form>
  )
}

/** The moment that the person's own clock shows so; what is none is sent as it is, for the server to say so. */
function momentOf(local: string): string {
  const moment = new Date(local)
  return Number.isNaN(moment.getTime()) ? local : moment.toISOString()
}
