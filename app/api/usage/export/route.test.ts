import { randomUUID } from 'node:crypto'
import { encode } from 'next-auth/jwt'
import { beforeAll, expect, it } from 'vitest'
import { createSession } from '@/lib/db/sessions'
import { withOperator } from '@/lib/db/tenant'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant } from '@/lib/db/testing/tenant'
import { GET } from './route'

useDatabase()

const SECRET = 'a secret of the usage export test, long enough'

beforeAll(() => {
  Object.assign(process.env, { NEXTAUTH_SECRET: SECRET, NEXTAUTH_URL: 'http://parley.test', LOG_LEVEL: 'silent' })
  globalThis.parleyServerContext = undefined
})

async function exported(who: { orgId: string; userId: string }, query: string): Promise<Response> {
  const sid = await createSession(who.userId, { orgId: who.orgId, userAgent: null, ttlSeconds: 60 })
  const cookie = `next-auth.session-token=${await encode({ token: { sid }, secret: SECRET })}`
  return GET(new Request(`http://parley.test/api/usage/export?${query}`, { headers: { cookie } }), { params: Promise.resolve({}) })
}

it('streams every event of the days asked for, once, and of this organisation alone', async () => {
  const [mine, other] = await Promise.all([makeTenant(), makeTenant()])
  const event = (orgId: string, createdAt: Date) => ({
    orgId, createdAt, heldAt: createdAt, requestId: randomUUID(), model: 'a,"b"', feature: 'chat' as const, plan: 'free' as const,
    period: new Date('2026-10-01'), promptTokens: 1, completionTokens: 0, characters: 0, costMicros: 1n,
  })
  const day = Date.UTC(2026, 9, 1)
  // More than are read at once, many at the same moment.
  const inside = Array.from({ length: 2500 }, (_, index) => event(mine.orgId, new Date(day + Math.floor(index / 100))))
  const outside = [event(mine.orgId, new Date(day - 1)), event(mine.orgId, new Date(day + 86_400_000)), event(other.orgId, new Date(day))]
  await withOperator((tx) => tx.usageEvent.createMany({ data: [...inside, ...outside] }))

  const csv = await exported(mine, 'from=2026-10-01&to=2026-10-02')
  expect(csv.headers.get('content-disposition')).toBe('attachment; filename="usage-2026-10-01-2026-10-02.csv"')
  const rows = (await csv.text()).trimEnd().split('\n')
  expect(rows[1]).toContain(',"a,""b""",chat,1,0,0,0,1')
  expect(rows.slice(1).map((row) => row.split(',')[1]).sort()).toEqual(inside.map(({ requestId }) => requestId).sort())

  const lines = (await (await exported(mine, 'from=2026-10-01T00:00:00Z&to=2026-10-02T00:00:00Z&format=jsonl')).text()).trimEnd().split('\n')
  expect(lines).toHaveLength(2500)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ org: mine.orgId, model: 'a,"b"', cost_micros: 1 })
  expect((await exported(mine, 'from=2026-10-02&to=2026-10-01')).status).toBe(400)
})
