import { randomUUID } from 'node:crypto'
import { encode } from 'next-auth/jwt'
import { newApiKey } from '@/lib/auth/api-key-format'
import { createApiKey, revokeApiKey } from '@/lib/db/api-keys'
import { createSession, revokeSession } from '@/lib/db/sessions'
import { makeFilledTenant } from '@/lib/db/testing/filled-tenant'
import { withConnection } from '@/lib/db/testing/tenant'
import { ROLES, SCOPES, type Role, type Scope } from '@/lib/domain/permissions'
import type { IdOf } from '../route-access'

export const SESSION_SECRET = 'a secret of the route access test, long enough'

/** A tenant with a row in every table, a member in every role, and whatever opens its doors, or no longer does. */
export interface AccessTenant {
  orgId: string
  id: IdOf
  /** The Cookie header of a member; `ended` of one whose session was revoked. */
  cookieOf: (role: Role) => Promise<string>
  endedCookie: () => Promise<string>
  key: (scopes: readonly Scope[]) => Promise<string>
  revokedKey: () => Promise<string>
  expiredKey: () => Promise<string>
}

type Row = Record<string, unknown>

/** @param ownerUrl of the test database, to look behind row-level security */
export async function makeAccessTenant(ownerUrl: string): Promise<AccessTenant> {
  const { orgId, userId } = await makeFilledTenant()
  const { rows, people } = await withConnection(ownerUrl, async (client) => {
    const members: Partial<Record<Role, string>> = { owner: userId }
    for (const role of ROLES.filter((name) => name !== 'owner')) {
      const { rows: made } = await client.query<{ id: string }>(`INSERT INTO users (email, name) VALUES ($1, $2) RETURNING id`, [`${role}-${randomUUID()}@example.com`, role])
      const id = made[0]?.id ?? ''
      await client.query('INSERT INTO memberships (org_id, user_id, role) VALUES ($1, $2, $3)', [orgId, id, role])
      members[role] = id
    }
    const { rows: tables } = await client.query<{ name: string; own: string }>(`
      SELECT c.table_name AS name, CASE WHEN bool_or(c.column_name = 'org_id') THEN 'org_id' ELSE min(c.column_name) END AS own
      FROM information_schema.columns c JOIN pg_class t ON t.relname = c.table_name AND t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace
      WHERE c.table_schema = 'public' AND (c.column_name IN ('org_id', 'user_id') OR (c.table_name = 'organizations' AND c.column_name = 'id')) GROUP BY 1`)
    const found = new Map<string, Row[]>()
    for (const { name, own } of tables) {
      const { rows: held } = await client.query<{ row: Row }>(`SELECT to_jsonb(t) AS row FROM "${name}" t WHERE "${own}" = $1 ORDER BY to_jsonb(t) ->> 'created_at'`, [own === 'user_id' ? userId : orgId])
      found.set(name, held.map(({ row }) => row))
    }
    return { rows: found, people: members }
  })

  const cookie = async (sid: string): Promise<string> => `next-auth.session-token=${await encode({ token: { sid }, secret: SESSION_SECRET })}`
  const open = (role: Role) => createSession(people[role] ?? '', { orgId, userAgent: 'test', ttlSeconds: 600 })
  const makeKey = async (scopes: readonly Scope[], expiresAt: Date | null) => {
    const { key, prefix, hash } = newApiKey()
    return { key, id: (await createApiKey(orgId, { name: 'Key', scopes, createdBy: userId, expiresAt, prefix, hash })).id }
  }
  return {
    orgId,
    id: (table, column = 'id', where = {}) => {
      const row = rows.get(table)?.find((candidate) => Object.entries(where).every(([name, value]) => candidate[name] === value))
      const value = row?.[column]
      if (typeof value !== 'string') throw new Error(`The filled tenant has no ${column} in ${table}.`)
      return value
    },
    cookieOf: async (role) => cookie(await open(role)),
    endedCookie: async () => {
      const sessionId = await open('owner')
      await revokeSession(sessionId)
      return cookie(sessionId)
    },
    key: async (scopes) => (await makeKey(scopes, null)).key,
    revokedKey: async () => {
      const { key, id } = await makeKey(SCOPES, null)
      await revokeApiKey(orgId, { id })
      return key
    },
    expiredKey: async () => (await makeKey(SCOPES, new Date(Date.now() - 1000))).key,
  }
}

/** The Cookie header of an operator, with the second factor passed or without. */
export async function operatorCookie(ownerUrl: string, secondFactor: 'passed' | 'none'): Promise<string> {
  const { orgId, userId } = await makeFilledTenant()
  await withConnection(ownerUrl, (client) => client.query('UPDATE users SET is_operator = true WHERE id = $1', [userId]))
  const sid = await createSession(userId, { orgId, userAgent: 'test', ttlSeconds: 600, secondFactor })
  return `next-auth.session-token=${await encode({ token: { sid }, secret: SESSION_SECRET })}`
}
