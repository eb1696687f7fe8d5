import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashPassword } from '@/lib/auth/passwords'
import { listAudit } from '@/lib/db/audit'
import { listInvitations } from '@/lib/db/invitations'
import { listMembers, listMembershipsOf, removeMember } from '@/lib/db/memberships'
import { takeRateTokens } from '@/lib/db/rate-limit'
import { useDatabase } from '@/lib/db/testing/database'
import { addMember, makeTenant, withConnection } from '@/lib/db/testing/tenant'
import { findUserByEmail, setPasswordHash } from '@/lib/db/users'
import { useMailCatcher } from '@/lib/mail/testing/mail-catcher'
import { acceptAsNew, acceptSignedIn, acceptWithPassword, readInvitation } from './accept-invitation'
import { inviteAgain, inviteMember, withdrawInvitation } from './invite-member'
import { actorIn } from './testing/actor'

const database = useDatabase()
const catcher = useMailCatcher()

const origin = { ip: '192.0.2.1', userAgent: 'Browser' }
const noReport = (error: unknown): never => {
  throw error
}
const address = (): string => `guest-${randomUUID()}@example.com`
const tokenIn = (text: string): string => /\/invitations\/([\w-]{43})\b/u.exec(text)?.[1] ?? ''

async function invited(role: 'admin' | 'member' | 'billing' = 'member', email = address()) {
  const { orgId, userId } = await makeTenant()
  const owner = await actorIn(orgId, userId)
  const sent = await inviteMember(owner, { email, role }, noReport)
  return { orgId, owner, email, id: sent.id, token: tokenIn(sent.path) }
}

describe('an invitation', () => {
  it('comes by mail with the link that lets somebody new join, once, without an organisation of their own', async () => {
    const { orgId, email, token } = await invited('billing')
    const mail = await catcher.waitFor(email)
    expect(tokenIn(mail.text)).toBe(token)
    expect(mail.html).toContain(token)
    expect(await readInvitation(token)).toMatchObject({ orgId, email, role: 'billing', invitedBy: 'Owner', hasAccount: false })

    const person = { name: 'Grace', newPassword: 'nanoseconds of wire' }
    const outcomes = await Promise.allSettled([acceptAsNew(token, person, origin), acceptAsNew(token, person, origin), acceptAsNew(token, person, origin)])
    const joined = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(joined).toMatchObject([{ orgId, email, role: 'billing', joined: true }])
    expect(await listMembershipsOf(joined[0]?.userId ?? '')).toMatchObject([{ orgId, role: 'billing' }])
    expect(await readInvitation(token)).toBeNull()
    expect((await listAudit(orgId, { limit: 9 })).map(({ action, target }) => [action, target])).toEqual([
      ['member.joined', email],
      ['member.invited', email],
    ])
  })

  it('is stored as a hash alone', async () => {
    const { token } = await invited()
    const { rows } = await withConnection(database.ownerUrl, (client) => client.query<{ row: string }>('SELECT to_jsonb(i)::text AS row FROM invitations i'))
    expect(rows.length).toBeGreaterThan(0)
    for (const { row } of rows) expect(row).not.toContain(token)
  })

  it('is taken by the person of its address alone, signed in or with the own password', async () => {
    const { orgId, email, token } = await invited()
    const [theirs, other] = [await makeTenant(), await makeTenant()]
    await withConnection(database.ownerUrl, (client) => client.query('UPDATE users SET email = $1 WHERE id = $2', [email, theirs.userId]))
    await setPasswordHash(theirs.userId, await hashPassword('the right one'))

    await expect(acceptSignedIn(token, other, origin)).rejects.toMatchObject({ code: 'insufficient_permissions' })
    await expect(acceptWithPassword(token, 'a wrong one', origin)).rejects.toMatchObject({ code: 'invalid_request', param: 'password' })
    await expect(acceptAsNew(token, { name: 'Mallory', newPassword: 'long enough' }, origin)).rejects.toMatchObject({ code: 'conflict' })
    expect(await listMembers(orgId)).toHaveLength(1)
    expect(await acceptWithPassword(token, 'the right one', origin)).toMatchObject({ orgId, userId: theirs.userId, joined: true })
    expect(await listMembershipsOf(theirs.userId)).toHaveLength(2)
  })

  it('brings back somebody who was removed and belongs to no organisation, so that signing in is not possible', async () => {
    const { orgId, owner, email, token } = await invited()
    const { userId } = await acceptAsNew(token, { name: 'Grace', newPassword: 'nanoseconds of wire' }, origin)
    await removeMember(orgId, owner.userId, userId)
    const again = await inviteMember(owner, { email, role: 'member' }, noReport)
    expect(await acceptWithPassword(tokenIn(again.path), 'nanoseconds of wire', origin)).toMatchObject({ userId, joined: true })
  })

  it('leaves a member’s role as it is', async () => {
    const { orgId, email, token } = await invited('admin')
    const member = { userId: await addMember(orgId, 'member'), email }
    await withConnection(database.ownerUrl, (client) => client.query('UPDATE users SET email = $1 WHERE id = $2', [email, member.userId]))
    expect(await acceptSignedIn(token, member, origin)).toMatchObject({ role: 'member', joined: false })
  })

  it('holds no more when it is revoked, sent again or too old', async () => {
    const [revoked, renewed, old] = [await invited(), await invited(), await invited()]
    await withdrawInvitation(revoked.owner, revoked.id)
    const again = await inviteAgain(renewed.owner, renewed.id, noReport)
    await withConnection(database.ownerUrl, (client) => client.query("UPDATE invitations SET expires_at = now() - interval '1 second' WHERE id = $1", [old.id]))
    for (const { token } of [revoked, renewed, old]) {
      expect(await readInvitation(token)).toBeNull()
      await expect(acceptAsNew(token, { name: 'Late', newPassword: 'long enough' }, origin)).rejects.toMatchObject({ code: 'not_found' })
    }
    for (const none of ['', 'nonsense', again.id]) expect(await readInvitation(none)).toBeNull()
    expect(await readInvitation(tokenIn(again.path))).toMatchObject({ email: renewed.email })
    expect(await findUserByEmail(old.email)).toBeNull()
    expect(await listInvitations(revoked.orgId)).toEqual([])
    // What ran out makes room for another.
    expect(await inviteMember(old.owner, { email: old.email, role: 'member' }, noReport)).toMatchObject({ mail: 'sent' })
  })

  it('is one at a time for an address, and none for a member', async () => {
    const { orgId, owner, email } = await invited()
    await expect(inviteMember(owner, { email, role: 'admin' }, noReport)).rejects.toMatchObject({ code: 'conflict', param: 'email' })
    const member = address()
    await addMember(orgId, 'member', member)
    await expect(inviteMember(owner, { email: member, role: 'admin' }, noReport)).rejects.toMatchObject({ code: 'conflict', param: 'email' })
  })

  it('gives no role above the inviter’s own, and none at all from members and billing', async () => {
    const { orgId } = await makeTenant()
    const admin = await actorIn(orgId, await addMember(orgId, 'admin'))
    expect(await inviteMember(admin, { email: address(), role: 'admin' }, noReport)).toMatchObject({ mail: 'sent' })
    for (const role of ['member', 'billing'] as const) {
      const weak = await actorIn(orgId, await addMember(orgId, role))
      await expect(inviteMember(weak, { email: address(), role: 'billing' }, noReport)).rejects.toMatchObject({ code: 'insufficient_permissions' })
    }
  })

  it('is made at most a hundred times a day by one organisation, counting what is sent again', async () => {
    const { owner, id } = await invited()
    await Promise.all(Array.from({ length: 99 }, () => takeRateTokens(`invitations:${owner.orgId}`, { limit: 100, seconds: 86_400 })))
    await expect(inviteAgain(owner, id, noReport)).rejects.toMatchObject({ code: 'rate_limit_exceeded' })
    await expect(inviteMember(owner, { email: address(), role: 'member' }, noReport)).rejects.toMatchObject({ code: 'rate_limit_exceeded' })
  })

  it('of another organisation is as if it was not there', async () => {
    const { id } = await invited()
    const { orgId, userId } = await makeTenant()
    const stranger = await actorIn(orgId, userId)
    for (const none of [id, 'nonsense']) {
      await expect(inviteAgain(stranger, none, noReport)).rejects.toMatchObject({ code: 'not_found' })
      await expect(withdrawInvitation(stranger, none)).rejects.toMatchObject({ code: 'not_found' })
    }
  })

  it('is made where no mail is sent too, and says so', async () => {
    const { orgId, userId } = await makeTenant()
    const owner = await actorIn(orgId, userId)
    delete process.env['SMTP_URL']
    const silent = await inviteMember(owner, { email: address(), role: 'member' }, noReport)
    process.env['SMTP_URL'] = 'smtp://127.0.0.1:1'
    const reports: unknown[] = []
    const failed = await inviteMember(owner, { email: address(), role: 'member' }, (error) => reports.push(error))
    process.env['SMTP_URL'] = catcher.url
    expect([silent.mail, failed.mail, reports.length]).toEqual(['not_configured', 'failed', 1])
    for (const { path } of [silent, failed]) expect(await readInvitation(tokenIn(path))).not.toBeNull()
  })
})
