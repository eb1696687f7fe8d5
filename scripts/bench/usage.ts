import { createHash } from 'node:crypto'
import pg from 'pg'
import { usageQuery } from '@/lib/contract/openai'
import { callerQuotas, listQuotaAlerts, readBudget } from '@/lib/db/budgets'
import { monthBalance } from '@/lib/db/ledger'
import { overallUsage, overallUsageBy, overallUsageByDay, USAGE_GROUPS, usedModels } from '@/lib/db/operator-usage'
import { reconcile } from '@/lib/db/reconcile'
import { monthsOfUse, pricedUse } from '@/lib/db/statements'
import { usageEvents, usageSums, type UsageGroup } from '@/lib/db/usage'
import { monthlyStatement } from '@/lib/services/monthly-statement'
import { reportUsage } from '@/lib/services/report-usage'
import { SetupError } from '../setup-error'
import type { StepPrinter } from '../step-printer'
import { openBenchDatabase } from './bench-database'
import type { BenchResult } from './result'
import { LARGEST, TENANTS, writeHistory } from './usage-history'

const EVENTS = 10_000_000
const RUNS = 5
const TARGET_MS = 300
const DAY_MS = 86_400_000
const GROUPS: readonly UsageGroup[] = ['model', 'feature', 'key', 'member']

interface Query {
  title: string
  /** Returns what it found, an array or one thing. */
  run: () => Promise<unknown>
}

/** Everything that pages, `/v1/usage`, statements and the operator's charts ask of the ledger, on ten million events. */
export async function benchUsage(_root: string, steps: StepPrinter): Promise<BenchResult> {
  const database = await openBenchDatabase(steps)
  try {
    const now = new Date()
    const owner = new pg.Client({ connectionString: database.urls.ownerUrl })
    await owner.connect()
    await steps.step(`${EVENTS / 1e6} million usage events`, (progress) => writeHistory(owner, EVENTS, now, progress))
    const sizes = await owner.query<{ sizes: string }>(`SELECT format('%s hours, %s days, %s months', (SELECT count(*) FROM usage_hours), (SELECT count(*) FROM usage_days), (SELECT count(*) FROM usage_months)) AS sizes`)
    await owner.end()
    const rows: (string | number)[][] = []
    for (const { title, run } of queriesFor(now)) rows.push([title, ...(await steps.step(title, () => timed(run)))])
    const checked = performance.now()
    const { differences } = await steps.step('ledger check over all of it', (progress) => reconcile(undefined, progress))
    if (differences.length > 0) throw new SetupError(`The history does not add up: ${JSON.stringify(differences[0])}`, 'correct scripts/bench/usage-history.ts')
    const slow = rows.filter(([, , , median]) => typeof median === 'number' && median >= TARGET_MS).map(([title]) => title)
    return {
      title: `Usage queries on ${EVENTS / 1e6} million events, milliseconds`,
      columns: ['query', 'rows', 'min', 'median', 'max'],
      rows,
      notes: [
        `${TENANTS} tenants over a year; the queries of one tenant are the largest one's, with ${Math.round(LARGEST.share * 100)} % of the events, ${LARGEST.members} members and ${LARGEST.keys} keys. Roll-ups: ${sizes.rows[0]?.sizes ?? ''}.`,
        `Each query ${RUNS} times, the first not left out, through lib/db and its pool, on the embedded PostgreSQL as it comes.`,
        slow.length === 0 ? `Every median is under ${TARGET_MS} ms.` : `Not under ${TARGET_MS} ms: ${slow.join('; ')}.`,
        `parley ledger check over all events: ${((performance.now() - checked) / 1000).toFixed(1)} s, no difference.`,
      ],
    }
  } finally {
    await database.close()
  }
}

async function timed(run: Query['run']): Promise<[string, number, number, number]> {
  const times: number[] = []
  let found: unknown = null
  for (let index = 0; index < RUNS; index++) {
    const started = performance.now()
    found = await run()
    times.push(performance.now() - started)
  }
  times.sort((a, b) => a - b)
  return [String(Array.isArray(found) ? found.length : 1), times[0] ?? 0, times[Math.floor(RUNS / 2)] ?? 0, times.at(-1) ?? 0]
}

function queriesFor(now: Date): Query[] {
  const orgId = createHash('md5').update('org1').digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS
  const daysAgo = (days: number) => new Date(today - days * DAY_MS)
  const tomorrow = daysAgo(-1)
  const monthStart = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1))
  const monthEnd = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000)
  // Neither begins nor ends on an hour.
  const asked = (days: number, groups: string) => usageQuery.parse({ start_time: `${seconds(daysAgo(days)) + 1234}`, end_time: `${seconds(now) - 777}`, group_by: groups })
  const spans = [30, 90, 365].map((days) => ({ days, from: daysAgo(days) }))
  return [
    ...spans.flatMap(({ days, from }) => [
      { title: `usage page, ${days} days: by ${days > 92 ? 'month' : 'day'}`, run: () => usageSums(orgId, from, tomorrow, days > 92 ? 'month' : 'day') },
      ...GROUPS.map((group) => ({ title: `usage page, ${days} days: by ${group}`, run: () => usageSums(orgId, from, tomorrow, 'all', [group]) })),
    ]),
    { title: 'usage by hour, 7 days, by key', run: () => usageSums(orgId, daysAgo(7), tomorrow, 'hour', ['key']) },
    { title: 'usage page: month, budget, alerts, quotas', run: () => Promise.all([monthBalance(orgId), readBudget(orgId), listQuotaAlerts(orgId), callerQuotas(orgId)]) },
    ...[30, 365].flatMap((days) => [
      { title: `/v1/usage, ${days} days`, run: async () => (await reportUsage(orgId, asked(days, ''))).data },
      { title: `/v1/usage, ${days} days by model and feature`, run: async () => (await reportUsage(orgId, asked(days, 'model,feature'))).data },
    ]),
    { title: '/v1/usage, 30 days by all four groups', run: async () => (await reportUsage(orgId, asked(30, 'model,feature,key,member'))).data },
    { title: 'export: a page in the middle of the year', run: () => firstEvent(orgId, daysAgo(180), now) },
    { title: 'statement: months of use and their totals', run: () => monthsOfUse(orgId) },
    { title: 'statement: one day at its prices', run: () => pricedUse(orgId, daysAgo(10), daysAgo(9)) },
    { title: 'statement: total of a month', run: () => usageSums(orgId, monthStart, monthEnd, 'all', ['model', 'feature']) },
    ...[30, 365].flatMap((days) => {
      const selection = { from: daysAgo(days), to: tomorrow }
      return [
        { title: `admin, ${days} days: sum`, run: () => overallUsage(selection) },
        { title: `admin, ${days} days: by day`, run: () => overallUsageByDay(selection) },
        { title: `admin, ${days} days: models used`, run: () => usedModels(selection) },
        ...USAGE_GROUPS.map((group) => ({ title: `admin, ${days} days: by ${group}`, run: () => overallUsageBy(group, selection, 50) })),
      ]
    }),
    { title: "the whole statement of a month, every event's price", run: () => monthlyStatement(orgId, monthStart.toISOString().slice(0, 7), 'USD') },
  ]
}

async function firstEvent(orgId: string, from: Date, to: Date): Promise<unknown> {
  for await (const event of usageEvents(orgId, from, to)) return event
  return null
}
