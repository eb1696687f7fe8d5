'use client'

import { useState } from 'react'

import { Field } from '@/app/_components/field'
import { Select } from '@/app/_components/select'
import type { ApiKeyScope } from '@/lib/contract/browser'

import { SCOPE_CHOICES } from './scope-names'

/** What of a key is entered; a limit as it is typed, '' for none. */
export interface KeyDraft {
  name: string
  scopes: readonly ApiKeyScope[]
  expiry: Expiry
  /** Of the expiry `date`, as a date field has it. */
  date: string
  requestsPerMinute: string
  tokenQuota: string
}

export type Expiry = 'never' | '30' | '90' | '365' | 'date'

const EXPIRIES: readonly { value: Expiry; label: string }[] = [
  { value: 'never', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'date', label: 'On a date' },
]

const DAY_MS = 24 * 60 * 60 * 1000

/** As the server takes it. A date lasts until its day is over, here. */
export function keyBody({ name, scopes, expiry, date, requestsPerMinute, tokenQuota }: KeyDraft) {
  return { name, scopes, expiresAt: expiresAt(expiry, date), requestsPerMinute: numberOrNull(requestsPerMinute), tokenQuota: numberOrNull(tokenQuota) }
}

function expiresAt(expiry: Expiry, date: string): string | null {
  if (expiry === 'never') return null
  if (expiry !== 'date') return new Date(Date.now() + Number(expiry) * DAY_MS).toISOString()
  const end = new Date(`${date}T23:59:59.999`)
  // The server says what to do about it.
  return Number.isNaN(end.getTime()) ? '' : end.toISOString()
}

function numberOrNull(text: string): number | null {
  return text.trim() === '' ? null : Number(text)
}

/** A moment as a date field has it, in the reader's time zone. */
export function dateFieldValue(at: string): string {
  const moment = new Date(at)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`
}

export interface Fault {
  param: string | null
  message: string
}

interface KeyFieldsProps {
  draft: KeyDraft
  onChange: (draft: KeyDraft) => void
  fault: Fault | null
  /** Requests a minute where a key has no limit of its own; 0: no limit. */
  planRequests: number
}

export const KEY_PARAMS: readonly string[] = ['name', 'expiresAt', 'requestsPerMinute', 'tokenQuota']

export function KeyFields({ draft, onChange, fault, planRequests }: KeyFieldsProps) {
  // The first day that can be chosen, as of the dialog's opening.
  const [today] = useState(() => dateFieldValue(new Date().toISOString()))
  const errorOf = (param: string): string | undefined => (fault?.param === param ? fault.message : undefined)
  const toggle = (scope: ApiKeyScope, wanted: boolean): void =>
    onChange({ ...draft, scopes: wanted ? [...draft.scopes, scope] : draft.scopes.filter((other) => other !== scope) })

  return (
    <>
      <Field
        label="Name"
        value={draft.name}
        onChange={(event) => onChange({ ...draft, name: event.target.value })}
        maxLength={80}
        placeholder="Website, staging"
        error={errorOf('name')}
      />
      <fieldset>
        <legend className="mb-2 text-[0.93rem] font-medium">May be used for</legend>
        <div className="space-y-2.5">
          {SCOPE_CHOICES.map(({ scope, name, explanation }) => (
            <label key={scope} className="flex items-start gap-3">
              <input type="checkbox" checked={draft.scopes.includes(scope)} onChange={(event) => toggle(scope, event.target.checked)} className="mt-1 size-4 accent-accent" />
              <span>
                {name}
                <span className="block text-[0.87rem] text-muted">{explanation}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="grid gap-4 sm:grid-cols-2">
        <div>
          <p aria-hidden className="mb-1.5 text-[0.93rem] font-medium">
            Ends
          </p>
          <Select
            label="Ends"
            value={draft.expiry}
            options={EXPIRIES}
            onChange={(value) => onChange({ ...draft, expiry: EXPIRIES.find((choice) => choice.value === value)?.value ?? 'never' })}
            className="w-full"
          />
        </div>
        {draft.expiry === 'date' && (
          <Field label="Last day" type="date" min={today} value={draft.date} onChange={(event) => onChange({ ...draft, date: event.target.value })} error={errorOf('expiresAt')} />
        )}
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Requests a minute"
          inputMode="numeric"
          value={draft.requestsPerMinute}
          onChange={(event) => onChange({ ...draft, requestsPerMinute: event.target.value })}
          placeholder={planRequests === 0 ? 'No limit' : planRequests.toLocaleString('en')}
          hint="Empty: your plan's limit"
          error={errorOf('requestsPerMinute')}
        />
        <Field
          label="Tokens a month"
          inputMode="numeric"
          value={draft.tokenQuota}
          onChange={(event) => onChange({ ...draft, tokenQuota: event.target.value })}
          placeholder="No limit of its own"
          hint="Empty: your organisation's quota"
          error={errorOf('tokenQuota')}
        />
      </div>
    </>
  )
}
