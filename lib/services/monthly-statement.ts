import { AppError } from '@/lib/contract/errors'
import type { Feature } from '@/lib/contract/feature'
import { findOrganization } from '@/lib/db/organizations'
import { pricedUse, type PricedUse } from '@/lib/db/statements'
import { PICOS_IN_MICRO } from '@/lib/domain/money'
import type { Plan } from '@/lib/domain/plans'
import type { PriceDirection } from '@/lib/domain/pricing'

export interface StatementLine {
  direction: PriceDirection
  /** Tokens or characters. */
  quantity: bigint
  /** Micro-units for a million. */
  price: bigint
  /** Quantity times price, exactly, in pico-units. */
  picos: bigint
}

/** Requests of one model, feature and plan at one price. */
export interface StatementGroup {
  model: string
  feature: Feature
  plan: Plan
  requests: number
  lines: StatementLine[]
  /** What rounding each request up to a whole micro-unit added to the lines, in pico-units. */
  roundingPicos: bigint
  /** The sum of the events' costs: lines and rounding together. */
  costMicros: bigint
}

export interface Statement {
  orgId: string
  orgName: string
  /** As in 2026-11; a calendar month, UTC. */
  month: string
  from: Date
  /** Exclusive; the moment of its making where the month still runs. */
  to: Date
  /** Whether the month was over when it was made. */
  complete: boolean
  currency: string
  requests: number
  /** Ordered by model, feature, plan, then from the older price to the newer. */
  groups: StatementGroup[]
  /** The sum of the costs of every event of the month. */
  costMicros: bigint
}

const DAY_MS = 86_400_000
const DAYS_AT_ONCE = 4

/** The month that a text such as 2026-11 names; null where it names none. */
export function parseMonth(text: string): { from: Date; to: Date } | null {
  const [, year = '', month = ''] = /^(\d{4})-(0[1-9]|1[0-2])$/u.exec(text) ?? []
  if (year === '') return null
  return { from: new Date(Date.UTC(Number(year), Number(month) - 1)), to: new Date(Date.UTC(Number(year), Number(month))) }
}

/**
 * What an organisation used in a calendar month (UTC), to be defended line by line: quantities at
 * their prices, what rounding added, and the sum of the events. An event belongs to the month in
 * which its request ended, and has the price of the moment at which it began. AppError
 * `invalid_request` for a month that is none or has not begun, `not_found` where there is no such
 * organisation.
 */
export async function monthlyStatement(orgId: string, month: string, currency: string, now = new Date()): Promise<Statement> {
  const range = parseMonth(month)
  if (range === null) throw new AppError('invalid_request', 'A month is written as in 2026-11.', { param: 'month' })
  if (range.from > now) throw new AppError('invalid_request', 'This month has not begun.', { param: 'month' })
  const organization = await findOrganization(orgId)
  if (organization === null) throw new AppError('not_found', 'There is no such organisation.')
  const complete = range.to <= now
  const to = complete ? range.to : now
  const days: PricedUse[][] = []
  // A day at a time, so that no statement of the database is long; past days no longer change.
  for (let start = range.from.getTime(); start < to.getTime(); start += DAYS_AT_ONCE * DAY_MS) {
    const starts = Array.from({ length: DAYS_AT_ONCE }, (_, index) => start + index * DAY_MS).filter((day) => day < to.getTime())
    days.push(...(await Promise.all(starts.map((day) => pricedUse(orgId, new Date(day), new Date(Math.min(day + DAY_MS, to.getTime())))))))
  }
  const groups = groupsOf(days.flat())
  return {
    orgId,
    orgName: organization.name,
    month,
    from: range.from,
    to,
    complete,
    currency,
    requests: groups.reduce((sum, { requests }) => sum + requests, 0),
    groups,
    costMicros: groups.reduce((sum, { costMicros }) => sum + costMicros, 0n),
  }
}

/** Adds up what had the same model, feature, plan and prices. */
function groupsOf(uses: readonly PricedUse[]): StatementGroup[] {
  const sums = new Map<string, PricedUse>()
  for (const use of uses) {
    const { model, feature, plan, promptPrice, completionPrice, charactersPrice, trainingPrice } = use
    const key = JSON.stringify([model, feature, plan, ...[promptPrice, completionPrice, charactersPrice, trainingPrice].map(String)])
    const sum = sums.get(key)
    sums.set(key, sum === undefined ? use : add(sum, use))
  }
  return [...sums.values()].map(groupOf).sort((a, b) => compare(a.model, b.model) || compare(a.feature, b.feature) || compare(a.plan, b.plan))
}

function groupOf(use: PricedUse): StatementGroup {
  const all: Omit<StatementLine, 'picos'>[] = [
    { direction: 'prompt', quantity: use.promptTokens, price: use.promptPrice },
    { direction: 'completion', quantity: use.completionTokens, price: use.completionPrice },
    { direction: 'characters', quantity: use.characters, price: use.charactersPrice },
    { direction: 'training', quantity: use.trainingTokens, price: use.trainingPrice },
  ]
  const lines = all.filter(({ quantity }) => quantity > 0n).map((line) => ({ ...line, picos: line.quantity * line.price }))
  const { model, feature, plan, requests, costMicros } = use
  const roundingPicos = costMicros * PICOS_IN_MICRO - lines.reduce((sum, { picos }) => sum + picos, 0n)
  return { model, feature, plan, requests, lines, roundingPicos, costMicros }
}

function add(a: PricedUse, b: PricedUse): PricedUse {
  return {
    ...a,
    requests: a.requests + b.requests,
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    characters: a.characters + b.characters,
    trainingTokens: a.trainingTokens + b.trainingTokens,
    costMicros: a.costMicros + b.costMicros,
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
