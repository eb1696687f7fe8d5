'use client'

import { useRouter } from 'next/navigation'
import { useState, type SubmitEvent } from 'react'

import { CallError, messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { ChoiceGroup } from '@/app/_components/choice-group'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { useToast } from '@/app/_components/toast'
import type { BudgetBody } from '@/lib/contract/billing'
import { parseMicros } from '@/lib/domain/money'

interface BudgetFormProps {
  budget: BudgetBody
  currency: string
}

const AT_LIMIT = [
  { value: 'stop', label: 'Refuse requests' },
  { value: 'tell', label: 'Only tell us' },
] as const

/** What the organisation means to spend in a month, what happens at that point, and when it is told before. */
export function BudgetForm({ budget, currency }: BudgetFormProps) {
  const router = useRouter()
  const toast = useToast()
  const [limit, setLimit] = useState(budget.limit ?? '')
  const [hardStop, setHardStop] = useState(budget.hardStop)
  const [percents, setPercents] = useState(budget.alertPercents.join(', '))
  const [busy, setBusy] = useState(false)
  const [errors, setErrors] = useState<{ limit?: string; percents?: string; other?: string }>({})

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const amount = limit.trim().replace(',', '.')
    const alertPercents = parsePercents(percents)
    const unreadable = amount !== '' && parseMicros(amount) === null
    setErrors({
      ...(unreadable && { limit: 'Write an amount as in 25 or 0.50, or leave it empty.' }),
      ...(alertPercents === null && { percents: 'Write at most ten whole numbers from 1 to 1000, divided by commas.' }),
    })
    if (unreadable || alertPercents === null) return
    setBusy(true)
    try {
      const body: BudgetBody = { limit: amount === '' ? null : amount, hardStop, alertPercents }
      await request('/api/budget', { method: 'PUT', body })
      toast('The budget is saved.')
      router.refresh()
    } catch (error) {
      const message = messageOf(error)
      setErrors(error instanceof CallError && error.param === 'limit' ? { limit: message } : { other: message })
    }
    setBusy(false)
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      {errors.other !== undefined && <Notice tone="error">{errors.other}</Notice>}
      <div className="grid gap-5 md:grid-cols-2">
        <Field
          label={`Budget a month (${currency})`}
          inputMode="decimal"
          autoComplete="off"
          value={limit}
          onChange={({ target }) => setLimit(target.value)}
          hint="Empty: no budget. The month is a calendar month, UTC."
          error={errors.limit}
        />
        <Field
          label="Tell us at (per cent)"
          autoComplete="off"
          value={percents}
          onChange={({ target }) => setPercents(target.value)}
          hint="Of the budget and of the limits above. Owners and billing get a mail, and it is shown here."
          error={errors.percents}
        />
      </div>
      <ChoiceGroup label="When the budget is used up" value={hardStop ? 'stop' : 'tell'} options={AT_LIMIT} onChange={(value) => setHardStop(value === 'stop')} />
      <Button type="submit" look="secondary" busy={busy}>
        Save budget
      </Button>
    </form>
  )
}

/** Null where the text is no list of thresholds. */
function parsePercents(text: string): number[] | null {
  const parts = text.split(/[\s,;%]+/u).filter((part) => part !== '')
  const numbers = parts.map((part) => (/^\d{1,4}$/u.test(part) ? Number(part) : Number.NaN))
  return numbers.length <= 10 && numbers.every((number) => number >= 1 && number <= 1000) ? numbers : null
}
