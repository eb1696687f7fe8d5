import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { KEY_OVERLAP_HOURS } from '@/lib/contract/browser'
import { planSchema, PLAN_NAMES } from '@/lib/domain/plans'
import type { Plan } from '@/lib/domain/plans'
import { scopeSchema, SCOPES } from '@/lib/domain/permissions'
import type { Scope } from '@/lib/domain/permissions'

/** Parsers of options; commander names the option in front of what they throw. */

export function parsePlan(text: string): Plan {
  const plan = planSchema.safeParse(text)
  if (!plan.success) throw new InvalidArgumentError(`It is one of ${PLAN_NAMES.join(', ')}.`)
  return plan.data
}

/** Tokens a month. */
export function parseQuota(text: string): number {
  const quota = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(quota)) throw new InvalidArgumentError('It is a whole number of tokens, 0 or more.')
  return quota
}

/** Requests a minute. */
export function parseRequestRate(text: string): number {
  return wholeNumber(text, 1, 1_000_000)
}

/** Hours for which a rotated key goes on. */
export function parseHours(text: string): number {
  return wholeNumber(text, KEY_OVERLAP_HOURS.least, KEY_OVERLAP_HOURS.most)
}

function wholeNumber(text: string, least: number, most: number): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least || number > most) throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`)
  return number
}

/** Names divided by commas or spaces; the option may also be repeated. */
export function parseScopes(text: string, before: readonly Scope[] | undefined): Scope[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== '')
  const scopes = z.array(scopeSchema).min(1).safeParse(names)
  if (!scopes.success) throw new InvalidArgumentError(`It is a list of ${SCOPES.join(', ')}, divided by commas.`)
  return [...new Set([...(before ?? []), ...scopes.data])]
}

const isoTime = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })])

/** An ISO date (its first moment), an ISO date and time, or seconds since 1970; without a zone it is UTC. */
export function parseTime(text: string): Date {
  if (/^\d{9,11}$/.test(text)) return new Date(Number(text) * 1000)
  const iso = isoTime.safeParse(text)
  if (!iso.success) throw new InvalidArgumentError('It is a time as in 2026-11-01, 2026-11-01T12:00:00Z or 1793491200 (seconds since 1970).')
  const zoned = !iso.data.includes('T') || /(Z|[+-]\d\d:?\d\d)$/.test(iso.data)
  return new Date(zoned ? iso.data : `${iso.data}Z`)
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** A time to come: as parseTime reads it, or from now on as in 12h, 30d, 8w. */
export function parseExpiry(text: string, now = new Date()): Date {
  const [, count, unit] = /^(\d{1,5})([hdw])$/.exec(text) ?? []
  const expiry = count === undefined ? parseTime(text) : new Date(now.getTime() + Number(count) * (UNIT_MS[unit ?? ''] ?? 0))
  if (expiry <= now) throw new InvalidArgumentError('It has passed already.')
  return expiry
}
