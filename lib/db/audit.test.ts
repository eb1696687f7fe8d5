import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { listAudit, pruneAudit, recordAudit, recordPersonAudit, searchAudit } from './audit'
import { addOrganization } from './organizations'
import { useDatabase } from './testing/database'
import { addMember, makeTenant, withConnection } from './testing/tenant'

const database = useDatabase()

const DENIED = { code: '42501' }

describe('the audit log', () => {
  it('keeps who did what to whom, from where, as it was', async () => {
    const { orgId, userId, email } = await makeTenant()
    await recordAudit({ orgId, actorId: userId, action: 'key.created', target: 'Website\0', details: { scopes: 'chat', count: 2, own: true, until: null }, ip: '192.0.2.1', userAgent: 'Browser' })
    await withConnection(database.ownerUrl, (client) => client.query("UPDATE users SET email = 'other-' || email WHERE id = $1", [userId]))
    expect(await listAudit(orgId, { limit: 9 })).toMatchObject([
      { orgId, actorId: userId, actorEmail: email, action: 'key.created', target: 'Website\ufffd', details: { scopes: 'chat', count: 2, own: true, until: null }, ip: '192.0.2.1', userAgent: 'Browser' },
    ])
  })

  it('can be changed by nobody, and appended to by no statement of the app', async () => {
    const { orgId, userId } = await makeTenant()
    await recordAudit({ orgId, actorId: userId, action: 'key.created' })
    for (const url of [database.appUrl, database.operatorUrl]) {
      await withConnection(url, async (client) => {
        await client.query(`SELECT set_config('app.tenant', $1, false)`, [orgId])
        await expect(client.query(`UPDATE audit_events SET action = 'key.revoked'`)).rejects.toMatchObject(DENIED)
        await expect(client.query(`INSERT INTO audit_events (org_id, action) VALUES ($1, 'key.revoked')`, [orgId])).rejects.toMatchObject(DENIED)
        await expect(client.query('TRUNCATE audit_events')).rejects.toMatchObject(DENIED)
      })
    }
    await withConnection(database.appUrl, (client) => expect(client.query('DELETE FROM audit_events')).rejects.toMatchObject(DENIED))
  })

  it('tells what a person does to the own account to each organisation of the person', async () => {
    const { orgId, userId } = await makeTenant()
    const second = await addOrganization(userId, 'Second')
    await recordPersonAudit(userId, { action: 'totp.enabled' })
    for (const one of [orgId, second]) expect(await listAudit(one, { limit: 9 })).toMatchObject([{ action: 'totp.enabled', actorId: userId }])
  })

  it('is found by text, action, person and day, page by page, each row once', async () => {
    const { orgId, userId, email } = await makeTenant()
    const other = await addMember(orgId, 'admin')
    for (let place = 0; place < 25; place += 1) {
      const target = `Key 100%_${place}`
      await recordAudit({ orgId, actorId: place % 2 === 0 ? userId : other, action: place < 5 ? 'key.created' : 'keyring.opened', target, details: { place } })
    }
    const find = (filter: object) => listAudit(orgId, { limit: 100, ...filter })
    expect(await find({ action: 'key' })).toHaveLength(5)
    expect(await find({ action: 'key.created' })).toHaveLength(5)
    expect(await find({ actor: userId })).toHaveLength(13)
    expect(await find({ actor: email.slice(0, 20).toUpperCase() })).toHaveLength(13)
    expect(await find({ text: '100%_24' })).toHaveLength(1)
    expect(await find({ text: '%' })).toHaveLength(25)
    expect(await find({ text: 'KEYRING', action: 'keyring' })).toHaveLength(20)
    expect(await find({ from: new Date(Date.now() + 60_000) })).toEqual([])
    expect(await find({ to: new Date(Date.now() - 60_000) })).toEqual([])
    const seen: string[] = []
    for (let before: string | undefined, more = true; more; ) {
      const page = await find({ before, limit: 7 })
      seen.push(...page.map(({ id }) => id))
      before = page.at(-1)?.id
      more = page.length === 7
    }
    expect(seen).toEqual((await find({})).map(({ id }) => id))
    expect(new Set(seen).size).toBe(25)
  })

  it('shows a tenant its own rows alone, also by a page that begins at another’s; the operator all', async () => {
    const [mine, theirs] = [await makeTenant(), await makeTenant()]
    const target = randomUUID()
    for (const orgId of [mine.orgId, theirs.orgId, null]) await recordAudit({ orgId, actorId: null, action: 'organization.renamed', target })
    expect(await listAudit(mine.orgId, { text: target, limit: 9 })).toHaveLength(1)
    const [foreign] = await listAudit(theirs.orgId, { limit: 1 })
    expect(await listAudit(mine.orgId, { before: foreign?.id, limit: 9 })).toEqual([])
    expect(await searchAudit({ text: target, limit: 9 })).toHaveLength(3)
    expect(await searchAudit({ text: target, orgId: theirs.orgId, limit: 9 })).toMatchObject([{ orgId: theirs.orgId }])
    for (const none of ['nonsense', randomUUID()]) expect(await listAudit(mine.orgId, { before: none, limit: 9 })).toEqual([])
  })

  it('loses what is too old to the operator alone', async () => {
    const { orgId, userId } = await makeTenant()
    await recordAudit({ orgId, actorId: userId, action: 'key.created' })
    await recordAudit({ orgId, actorId: userId, action: 'key.revoked' })
    await withConnection(database.ownerUrl, (client) => client.query(`UPDATE audit_events SET created_at = now() - interval '400 days' WHERE org_id = $1 AND action = 'key.created'`, [orgId]))
    expect(await pruneAudit(0)).toBe(0)
    expect(await pruneAudit(365)).toBe(1)
    expect(await listAudit(orgId, { limit: 9 })).toMatchObject([{ action: 'key.revoked' }])
  })
})
