import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { rateLimits } from '@/lib/domain/rate-limits'
import { admitRequest } from './admission'
import { createApiKey, listApiKeys, revokeApiKey, updateApiKey, type NewApiKeyRow } from './api-keys'
import { changeMemberRole, listMembers, listMembershipsOf, removeMember } from './memberships'
import { createOrganization, findOrganization, listOrganizations, renameOrganization, setOrganizationTerms } from './organizations'
import {
  createSession, findDueSession, findSession, listSessions, passSecondFactor, revokeSession, revokeSessionsOf, switchSessionOrganization,
} from './sessions'
import { signUp } from './sign-ups'
import { useDatabase } from './testing/database'
import { addMember, makeTenant, withConnection } from './testing/tenant'
import { findUserByEmail, markOperator, setUserName } from './users'

const database = useDatabase()

function key(more: Partial<NewApiKeyRow> = {}): NewApiKeyRow {
  return { name: 'Key', scopes: ['chat'], createdBy: null, expiresAt: null, prefix: 'pk_12345678', hash: randomUUID(), ...more }
}

const identityOf = async (hash: string) => (await admitRequest(hash, 'an address', rateLimits())).identity

const session = { userAgent: 'Browser', ttlSeconds: 60 }

describe('signing up', () => {
  it('makes person, organisation and ownership, or nothing', async () => {
    const { orgId, userId, email } = await makeTenant()
    expect(await listMembers(orgId)).toMatchObject([{ userId, email, role: 'owner' }])
    expect(await findOrganization(orgId)).toMatchObject({ plan: 'free', tokenQuota: null, suspendedAt: null })
    const before = (await listOrganizations()).length
    const again = { email: email.toUpperCase(), name: 'Again', passwordHash: 'h', orgName: 'Again' }
    await expect(signUp(again)).rejects.toMatchObject({ code: 'conflict', param: 'email' })
    expect((await listOrganizations()).length).toBe(before)
  })

  it('lets one of two at once have the e-mail', async () => {
    const email = `${randomUUID()}@example.com`
    const person = { email, name: 'A', passwordHash: 'h', orgName: 'O' }
    const outcomes = await Promise.allSettled([signUp(person), signUp(person), signUp(person)])
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
  })
})

describe('an API key', () => {
  it('is found by its hash with what it stands for, and its use is kept to the minute', async () => {
    const { orgId, userId } = await makeTenant({ plan: 'pro' })
    const row = key({ createdBy: userId })
    const made = await createApiKey(orgId, row)
    expect(made).not.toHaveProperty('hash')
    expect(await identityOf(row.hash)).toEqual({
      keyId: made.id, orgId, plan: 'pro', scopes: ['chat'], expiresAt: null, revokedAt: null, orgSuspendedAt: null,
    })
    const used = (await listApiKeys(orgId))[0]?.lastUsedAt
    expect(used).toBeInstanceOf(Date)
    await identityOf(row.hash)
    expect((await listApiKeys(orgId))[0]?.lastUsedAt).toEqual(used)
    expect(await identityOf('another')).toBeNull()
  })

  it('shows that it was revoked, has expired, or that its organisation is suspended', async () => {
    const { orgId } = await makeTenant()
    const [revoked, expired] = [key(), key({ expiresAt: new Date(Date.now() - 1000) })]
    const { id } = await createApiKey(orgId, revoked)
    await createApiKey(orgId, expired)
    expect(await revokeApiKey(orgId, { id })).toBe(true)
    expect(await revokeApiKey(orgId, { hash: revoked.hash })).toBe(true)
    await setOrganizationTerms(orgId, { suspendedAt: new Date() })
    expect(await identityOf(revoked.hash)).toMatchObject({ revokedAt: expect.any(Date) as unknown, orgSuspendedAt: expect.any(Date) as unknown })
    expect(await identityOf(expired.hash)).toMatchObject({ expiresAt: expired.expiresAt, revokedAt: null })
    expect((await listApiKeys(orgId)).map((row) => row.lastUsedAt)).toEqual([null, null])
  })

  it('of another organisation cannot be revoked or renamed, nor can one that is no id', async () => {
    const [mine, theirs] = [await makeTenant(), await makeTenant()]
    const row = key()
    const { id } = await createApiKey(theirs.orgId, row)
    expect(await revokeApiKey(mine.orgId, { id })).toBe(false)
    expect(await revokeApiKey(mine.orgId, { hash: row.hash })).toBe(false)
    expect(await updateApiKey(mine.orgId, id, { name: 'Mine' })).toBe(false)
    expect(await revokeApiKey(mine.orgId, { id: 'nonsense' })).toBe(false)
    expect(await listApiKeys(theirs.orgId)).toMatchObject([{ name: 'Key', revokedAt: null }])
  })
})

describe('a session', () => {
  it('stands for a person in an organisation until it is revoked', async () => {
    const { orgId, userId, email } = await makeTenant()
    const [one, two] = [await createSession(userId, { orgId, ...session }), await createSession(userId, { orgId, ...session })]
    expect(await findSession(one)).toMatchObject({ sessionId: one, userId, email, orgId, role: 'owner', plan: 'free', isOperator: false })
    expect(await listSessions(userId)).toHaveLength(2)
    await revokeSession(one)
    expect(await findSession(one)).toBeNull()
    expect(await findSession(two)).not.toBeNull()
    expect(await revokeSessionsOf(userId, { except: two })).toBe(0)
    expect(await revokeSessionsOf(userId)).toBe(1)
    expect(await findSession(two)).toBeNull()
  })

  it('is nobody’s when it is unknown, malformed or expired', async () => {
    const { orgId, userId } = await makeTenant()
    const id = await createSession(userId, { orgId, ...session, ttlSeconds: -1 })
    for (const none of [id, randomUUID(), '', 'x']) expect(await findSession(none)).toBeNull()
  })

  it('keeps its last use to the minute, and waits unseen for its second factor', async () => {
    const { orgId, userId } = await makeTenant()
    const id = await createSession(userId, { orgId, ...session, secondFactor: 'due', ip: '192.0.2.7' })
    expect(await findSession(id)).toBeNull()
    expect(await listSessions(userId)).toEqual([])
    expect(await findDueSession(id)).toMatchObject({ userId, orgId })
    await passSecondFactor(userId, id, 3600)
    expect(await findDueSession(id)).toBeNull()
    expect(await findSession(id)).toMatchObject({ secondFactor: true, expiresAt: expect.any(Date) as unknown })
    const seen = async () => (await listSessions(userId))[0]?.lastSeenAt.getTime() ?? 0
    const before = await seen()
    await findSession(id)
    expect(await seen()).toBe(before)
    await withConnection(database.ownerUrl, (client) => client.query(`UPDATE sessions SET last_seen_at = now() - interval '2 minutes' WHERE id = $1`, [id]))
    await findSession(id)
    expect(await seen()).toBeGreaterThanOrEqual(before)
  })

  it('in another’s place is no operator’s, and stays in its organisation', async () => {
    const [target, operator] = [await makeTenant(), await makeTenant()]
    const { organization: other } = await createOrganization({ name: 'Other', owner: { id: target.userId } })
    await markOperator(target.email)
    const own = await createSession(target.userId, { orgId: target.orgId, ...session })
    expect(await findSession(own)).toMatchObject({ isOperator: true, impersonatedBy: null })
    await switchSessionOrganization(own, other.id)
    expect(await findSession(own)).toMatchObject({ orgId: other.id })
    await expect(switchSessionOrganization(own, operator.orgId)).rejects.toMatchObject({ code: 'not_found' })
    const inPlace = await createSession(target.userId, { orgId: target.orgId, ...session, method: 'impersonation', impersonatedBy: operator.userId })
    expect(await findSession(inPlace)).toMatchObject({ isOperator: false, impersonatedBy: operator.userId })
    await expect(switchSessionOrganization(inPlace, other.id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('cannot be opened in an organisation that the person does not belong to', async () => {
    const [mine, theirs] = [await makeTenant(), await makeTenant()]
    await expect(createSession(mine.userId, { orgId: theirs.orgId, ...session })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('follows the role at once and ends with the membership', async () => {
    const { orgId, userId: owner } = await makeTenant()
    const userId = await addMember(orgId, 'member')
    const id = await createSession(userId, { orgId, ...session })
    expect(await changeMemberRole(orgId, owner, userId, 'billing')).toBe('member')
    expect(await findSession(id)).toMatchObject({ role: 'billing' })
    expect(await removeMember(orgId, owner, userId)).toBe('billing')
    expect(await findSession(id)).toBeNull()
  })
})

describe('organisations', () => {
  it('may be several of one person', async () => {
    const { orgId, userId } = await makeTenant()
    const { organization } = await createOrganization({ name: 'Second', plan: 'enterprise', tokenQuota: 5, owner: { id: userId } })
    expect(organization).toMatchObject({ plan: 'enterprise', tokenQuota: 5 })
    expect((await listMembershipsOf(userId)).map((membership) => membership.orgId)).toEqual([orgId, organization.id])
  })

  it('and people are renamed by themselves alone', async () => {
    const [mine, theirs] = [await makeTenant(), await makeTenant()]
    expect(await renameOrganization(mine.orgId, 'Renamed')).toBe(true)
    expect(await setUserName(mine.userId, 'New name')).toBe(true)
    expect(await findOrganization(theirs.orgId)).toMatchObject({ name: 'Tenant' })
    expect(await findUserByEmail(mine.email)).toMatchObject({ name: 'New name', isOperator: false })
    expect(await findOrganization(randomUUID())).toBeNull()
    expect(await findOrganization('nonsense')).toBeNull()
  })

  it('leave no row behind in any table when they are erased', async () => {
    const { orgId, userId } = await makeTenant()
    await createSession(userId, { orgId, ...session })
    await createApiKey(orgId, key())
    await withConnection(database.operatorUrl, (client) => client.query('DELETE FROM organizations WHERE id = $1', [orgId]))
    const left = await withConnection(database.ownerUrl, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'org_id'`)
      const counts = []
      for (const { name } of rows) counts.push((await client.query(`SELECT 1 FROM "${name}" WHERE org_id = $1`, [orgId])).rowCount)
      return counts
    })
    expect(left.length).toBeGreaterThan(8)
    expect(left.every((count) => count === 0)).toBe(true)
  })
})
