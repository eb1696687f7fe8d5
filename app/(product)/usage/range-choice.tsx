'use client'

import { useRouter } from 'next/navigation'
import { useState, useTransition, type SubmitEvent } from 'react'

import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { Select } from '@/app/_components/select'
import { Spinner } from '@/app/_components/spinner'

import { RANGE_CHOICES } from './usage-range'

interface RangeChoiceProps {
  choice: string
  /** Days as YYYY-MM-DD, the last one included. */
  from: string
  to: string
}

/** Which days the page shows. */
export function RangeChoice({ choice, from, to }: RangeChoiceProps) {
  const router = useRouter()
  const [loading, startLoading] = useTransition()
  const [custom, setCustom] = useState(choice === 'custom')
  const [days, setDays] = useState({ from, to })
  const [error, setError] = useState<string | undefined>(undefined)
  const show = (query: string): void => startLoading(() => router.push(`/usage?${query}`, { scroll: false }))

  const choose = (value: string): void => {
    setCustom(value === 'custom')
    setError(undefined)
    if (value !== 'custom') show(`range=${value}`)
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const inOrder = days.from !== '' && days.to !== '' && days.from <= days.to
    setError(inOrder ? undefined : 'The first day must not be after the last.')
    if (inOrder) show(new URLSearchParams(days).toString())
  }

  return (
    <div className="flex flex-col items-start gap-3">
      <div className="flex items-center gap-2.5">
        <Select label="Days shown" value={custom ? 'custom' : choice} options={RANGE_CHOICES} onChange={choose} className="w-44" />
        {loading && (
          <span role="status" className="flex items-center gap-2 text-[0.87rem] text-muted">
            <Spinner />
            Loading
          </span>
        )}
      </div>
      {custom && (
        <form noValidate onSubmit={submit} className="flex flex-wrap items-start gap-3">
          <Field label="From" type="date" value={days.from} onChange={({ target }) => setDays({ ...days, from: target.value })} error={error} className="w-40" />
          <Field label="To" type="date" value={days.to} onChange={({ target }) => setDays({ ...days, to: target.value })} className="w-40" />
          <Button type="submit" look="secondary" className="mt-7 h-11 md:h-10">
            Show
          </Button>
        </form>
      )}
    </div>
  )
}
