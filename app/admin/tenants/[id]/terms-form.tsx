'use client'

import { useRouter } from 'next/navigation'
import { useState, type SubmitEvent } from 'react'

import { CallError, messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { useToast } from '@/app/_components/toast'
import type { Plan } from '@/lib/domain/plans'

import { FilterSelect } from '../../_parts/filter-field'

interface TermsFormProps {
  orgId: string
  plan: Plan
  /** Overrides; null where the plan's own limit holds. */
  tokenQuota: number | null
  characterQuota: number | null
  /** Each plan's own limits; null is none. */
  limits: Record<Plan, { tokens: number | null; characters: number | null }>
}

const COUNT = new Intl.NumberFormat('en')

/** Plan and quotas. An empty field leaves the quota to the plan. */
export function TermsForm({ orgId, limits, ...current }: TermsFormProps) {
  const router = useRouter()
  const toast = useToast()
  const [plan, setPlan] = useState<Plan>(current.plan)
  const [tokens, setTokens] = useState(textOf(current.tokenQuota))
  const [characters, setCharacters] = useState(textOf(current.characterQuota))
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<{ param: string | null; message: string } | null>(null)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      await request(`/api/admin/tenants/${orgId}`, { method: 'PATCH', body: { plan, tokenQuota: quotaOf(tokens), characterQuota: quotaOf(characters) } })
      toast('Saved. It holds from the next request on.')
      router.refresh()
    } catch (error) {
      setFault({ param: error instanceof CallError ? error.param : null, message: messageOf(error) })
    }
    setBusy(false)
  }

  const errorOf = (param: string): string | undefined => (fault?.param === param ? fault.message : undefined)
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="space-y-4">
      {fault !== null && errorOf('tokenQuota') === undefined && errorOf('characterQuota') === undefined && <Notice tone="error">{fault.message}</Notice>}
      <FilterSelect label="Plan" value={plan} onChange={(event) => setPlan(planOf(event.target.value) ?? plan)}>
        <option value="free">Free</option>
        <option value="pro">Pro</option>
        <option value="enterprise">Enterprise</option>
      </FilterSelect>
      <Field
        label="Tokens a month"
        inputMode="numeric"
        value={tokens}
        onChange={(event) => setTokens(event.target.value)}
        placeholder={`the plan's: ${shown(limits[plan].tokens)}`}
        hint="Prompt and completion, over everything. Empty: the plan’s own limit."
        error={errorOf('tokenQuota')}
      />
      <Field
        label="Translated characters a month"
        inputMode="numeric"
        value={characters}
        onChange={(event) => setCharacters(event.target.value)}
        placeholder={`the plan's: ${shown(limits[plan].characters)}`}
        error={errorOf('characterQuota')}
      />
      <Button type="submit" busy={busy}>
        Save
      </Button>
    </form>
  )
}

function planOf(value: string): Plan | null {
  return value === 'free' || value === 'pro' || value === 'enterprise' ? value : null
}

function textOf(quota: number | null): string {
  return quota === null ? '' : String(quota)
}

/** What is no number is sent as it is, for the server to say so beside its field. */
function quotaOf(text: string): number | string | null {
  const digits = text.replaceAll(/[\s,.’']/gu, '')
  if (digits === '') return null
  return /^\d+$/u.test(digits) ? Number(digits) : text
}

function shown(limit: number | null): string {
  return limit === null ? 'no limit' : COUNT.format(limit)
}
