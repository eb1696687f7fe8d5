import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { expect, it } from 'vitest'
import { FEATURES, type Feature } from '@/lib/contract/feature'
import { renameOrganization } from '@/lib/db/organizations'
import { listPriceVersions } from '@/lib/db/price-list'
import { withOperator } from '@/lib/db/tenant'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant, withConnection } from '@/lib/db/testing/tenant'
import { usageByDay } from '@/lib/db/usage'
import { PLAN_NAMES, type Plan } from '@/lib/domain/plans'
import { costMicros, PRICE_DIRECTIONS, pricesFor } from '@/lib/domain/pricing'
import { monthlyStatement, type Statement } from './monthly-statement'
import { statementCsv } from './statement-csv'
import { statementPdf } from './statement-pdf'

const database = useDatabase()

const NOW = new Date('2026-12-10T12:00:00Z')
const START = Date.UTC(2026, 10, 1)
const END = Date.UTC(2026, 11, 1)

interface Sold {
  model: string
  feature: Feature
  plan: Plan
  /** When the request began and ended. */
  heldAt: Date
  at: Date
  promptTokens: number
  completionTokens: number
  characters: number
  trainingTokens: number
}

/** Events at the prices of the list, as the ledger writes them; returns the sum of those in November. */
async function sell(orgId: string, sold: readonly Sold[]): Promise<bigint> {
  const list = await listPriceVersions()
  const rows = sold.map(({ at, heldAt, ...event }) => ({
    ...event,
    orgId,
    requestId: randomUUID(),
    period: new Date(Date.UTC(heldAt.getUTCFullYear(), heldAt.getUTCMonth())),
    heldAt,
    createdAt: at,
    costMicros: costMicros(event, pricesFor(list, { ...event, at: heldAt })),
  }))
  await withOperator((tx) => tx.usageEvent.createMany({ data: rows }))
  return rows.filter(({ createdAt }) => createdAt.getTime() >= START && createdAt.getTime() < END).reduce((sum, row) => sum + row.costMicros, 0n)
}

/** A model whose price of everything changes at these moments. */
async function modelWithPrices(changes: readonly { at: Date; price: number }[]): Promise<string> {
  const model = `model-${randomUUID()}`
  await withConnection(database.ownerUrl, async (client) => {
    for (const { at, price } of changes) {
      await client.query(
        `INSERT INTO price_versions (plan, model, feature, direction, micros_per_million, valid_from)
         SELECT p, $1, f, d, $2, $3 FROM unnest(enum_range(NULL::plan)) p, unnest(enum_range(NULL::feature)) f, unnest(enum_range(NULL::price_direction)) d`,
        [model, price, at],
      )
    }
  })
  return model
}

function sumOfLines({ groups }: Statement): bigint {
  return groups.reduce((sum, { lines, roundingPicos }) => sum + roundingPicos + lines.reduce((part, { quantity, price }) => part + quantity * price, 0n), 0n)
}

/** An exact decimal as a whole number of 10^-12. */
function picos(decimal: string): bigint {
  const [, sign = '', units = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(decimal) ?? []
  return BigInt(`${sign}${units}${fraction.padEnd(12, '0')}`)
}

async function textOf(pdf: Uint8Array): Promise<{ text: string; title: string; pages: number }> {
  const document = await getDocument({ data: pdf, verbosity: 0 }).promise
  const pages = await Promise.all(Array.from({ length: document.numPages }, async (_, index) => (await document.getPage(index + 1)).getTextContent()))
  const text = pages.flatMap(({ items }) => items.map((item) => ('str' in item ? item.str : ''))).join(' ')
  const { info } = await document.getMetadata()
  return { text, title: 'Title' in info ? String(info.Title) : '', pages: document.numPages }
}

const time = (from: number, to: number) => fc.integer({ min: from, max: to - 1 }).map((ms) => new Date(ms))

it('adds up to the events exactly, whatever was sold at whatever prices', { timeout: 60_000 }, async () => {
  const sale = fc.record({
    model: fc.constantFrom(0, 1),
    feature: fc.constantFrom(...FEATURES),
    plan: fc.constantFrom(...PLAN_NAMES),
    at: fc.oneof(time(START, END), fc.constantFrom(START, END - 1, START - 1, END).map((ms) => new Date(ms))),
    lasted: fc.integer({ min: 0, max: 3_600_000 }),
    promptTokens: fc.nat(100_000),
    completionTokens: fc.nat(5000),
    characters: fc.nat(5000),
    trainingTokens: fc.nat(1_000_000),
  })
  const change = fc.record({ at: time(START - 86_400_000, END), price: fc.nat(100_000_000) })
  const changes = fc.uniqueArray(change, { maxLength: 4, selector: ({ at }) => at.getTime() })
  await fc.assert(
    fc.asyncProperty(fc.array(sale, { maxLength: 30 }), fc.tuple(changes, changes), async (sales, prices) => {
      const { orgId } = await makeTenant()
      const models = await Promise.all(prices.map(modelWithPrices))
      const total = await sell(
        orgId,
        sales.map(({ model, lasted, ...sold }) => ({ ...sold, model: models[model] ?? '', heldAt: new Date(sold.at.getTime() - lasted) })),
      )
      const statement = await monthlyStatement(orgId, '2026-11', 'EUR', NOW)
      expect(statement).toMatchObject({ costMicros: total, complete: true, requests: sales.filter(({ at }) => at.getTime() >= START && at.getTime() < END).length })
      expect(sumOfLines(statement)).toBe(total * 1_000_000n)
      for (const { roundingPicos, requests } of statement.groups) {
        expect(roundingPicos >= 0n && roundingPicos < BigInt(requests) * 1_000_000n).toBe(true)
      }
      const rows = statementCsv(statement).trimEnd().split('\n').slice(1).map((row) => row.split(','))
      const amounts = rows.map((cells) => picos(cells.at(-2) ?? ''))
      expect(amounts.slice(0, -1).reduce((sum, amount) => sum + amount, 0n)).toBe(total * 1_000_000n)
      expect(amounts.at(-1)).toBe(total * 1_000_000n)
    }),
    { numRuns: 12 },
  )
})

it('prices a request by the list of the moment at which it began, and says so line by line', async () => {
  const { orgId } = await makeTenant()
  const change = new Date('2026-11-10T10:00:00Z')
  const model = await modelWithPrices([
    { at: new Date('2026-01-01T00:00:00Z'), price: 1_000_000 },
    { at: change, price: 3_000_000 },
  ])
  const sold = { model, feature: 'chat' as const, plan: 'pro' as const, completionTokens: 0, characters: 0, trainingTokens: 0 }
  await sell(orgId, [
    { ...sold, promptTokens: 10, heldAt: new Date(change.getTime() - 1), at: new Date(change.getTime() + 60_000) },
    { ...sold, promptTokens: 20, heldAt: change, at: new Date(change.getTime() + 60_000) },
  ])
  const { groups } = await monthlyStatement(orgId, '2026-11', 'USD', NOW)
  expect(groups.map(({ lines, costMicros }) => ({ lines, costMicros }))).toEqual([
    { lines: [{ direction: 'prompt', quantity: 10n, price: 1_000_000n, picos: 10_000_000n }], costMicros: 10n },
    { lines: [{ direction: 'prompt', quantity: 20n, price: 3_000_000n, picos: 60_000_000n }], costMicros: 60n },
  ])
  expect(PRICE_DIRECTIONS).toContain(groups[0]?.lines[0]?.direction)
})

it('the PDF says the same sums, on as many pages as it takes, and keeps a name that its fonts do not know', async () => {
  const { orgId } = await makeTenant()
  await renameOrganization(orgId, 'Łódź 上海 & Söhne')
  const models = await Promise.all(Array.from({ length: 30 }, () => modelWithPrices([{ at: new Date(0), price: 1_234_567 }])))
  const sold = { feature: 'chat' as const, plan: 'free' as const, promptTokens: 123, completionTokens: 45, characters: 0, trainingTokens: 0 }
  const at = new Date('2026-11-05T00:00:00Z')
  const total = await sell(orgId, models.map((model) => ({ ...sold, model, heldAt: at, at })))
  const statement = await monthlyStatement(orgId, '2026-11', 'EUR', NOW)
  const { text, title, pages } = await textOf(await statementPdf(statement, NOW))
  expect(total).toBe(30n * 208n)
  expect(text).toContain('Total 0.00624 EUR')
  expect(text.match(/0\.000208/g)).toHaveLength(30)
  expect(text).toContain('Lódz ?? & Söhne')
  expect(title).toBe('Statement 2026-11, Łódź 上海 & Söhne')
  expect(pages).toBeGreaterThan(2)
  expect(text).toContain(`page ${pages} of ${pages}`)
})

it('a month that still runs ends now, and its sum is that of the usage page', async () => {
  const { orgId } = await makeTenant()
  const now = new Date('2026-11-20T12:00:00Z')
  const sold = { model: 'm', feature: 'translate' as const, plan: 'free' as const, promptTokens: 5, completionTokens: 5, characters: 77, trainingTokens: 0 }
  await sell(orgId, ['2026-11-01T00:00:00Z', '2026-11-20T11:00:00Z'].map((at) => ({ ...sold, heldAt: new Date(at), at: new Date(at) })))
  await withConnection(database.ownerUrl, (client) => client.query('SELECT rebuild_usage_sums($1)', [orgId]))
  const statement = await monthlyStatement(orgId, '2026-11', 'USD', now)
  const days = await usageByDay(orgId, new Date(START), new Date(END))
  expect(statement).toMatchObject({ complete: false, to: now, requests: 2, costMicros: 2n * 1540n })
  expect(days.reduce((sum, { costMicros: cost }) => sum + cost, 0n)).toBe(statement.costMicros)
  const empty = await monthlyStatement(orgId, '2026-10', 'USD', now)
  expect(empty).toMatchObject({ groups: [], costMicros: 0n })
  expect((await textOf(await statementPdf(empty, now))).text).toContain('Nothing was used')
})

it.each(['2026-13', '2026-1', 'november', '2030-01'])('refuses the month %s', async (month) => {
  await expect(monthlyStatement(randomUUID(), month, 'USD', NOW)).rejects.toMatchObject({ code: 'invalid_request' })
})
