import { describe, expect, it } from 'vitest'
import { hashPassword } from '@/lib/auth/passwords'
import { createApiKey, listApiKeys } from '@/lib/db/api-keys'
import { listAudit } from '@/lib/db/audit'
import { findMember } from '@/lib/db/memberships'
import { MOST_OWNED } from '@/lib/db/organizations'
import { findSession } from '@/lib/db/sessions'
import { useDatabase } from '@/lib/db/testing/database'
import { addMember, makeTenant } from '@/lib/db/testing/tenant'
import { setPasswordHash } from '@/lib/db/users'
import { createOrganization, renameOrganization, switchOrganization } from './change-organization'
import { handOverOwnership } from './hand-over-ownership'
import { changeMemberQuota, changeRole, endMembership } from './manage-members'
import { actorIn } from './testing/actor'

useDatabase()

const actionsOf = async (orgId: string) => (await listAudit(orgId, { limit: 20 })).map(({ action }) => action)

describe('a member', () => {
  it('who is removed is signed out of this organisation at once and stays in the others; the keys go on', async () => {
    const { orgId, userId } = await makeTenant()
    const owner = await actorIn(orgId, userId)
    const whom = await addMember(orgId, 'member')
    const here = await actorIn(orgId, whom)
    const { id: elsewhere } = await createOrganization(await actorIn(orgId, whom), 'Elsewhere')
    const there = await actorIn(elsewhere, whom)
    await createApiKey(orgId, { name: 'Key', scopes: ['chat'], createdBy: whom, expiresAt: null, prefix: 'pk_', hash: whom })
    await endMembership(owner, whom)
    expect(await findSession(here.sessionId)).toBeNull()
    expect(await findSession(there.sessionId)).not.toBeNull()
    expect(await listApiKeys(orgId)).toMatchObject([{ createdBy: whom, revokedAt: null }])
    expect(await actionsOf(orgId)).toEqual(['member.removed'])
  })

  it('may leave, whatever the role, but for the last owner; who belongs elsewhere goes on there', async () => {
    const { orgId, userId } = await makeTenant()
    const owner = await actorIn(orgId, userId)
    const billing = await actorIn(orgId, await addMember(orgId, 'billing'))
    await endMembership(billing, billing.userId)
    await expect(endMembership(owner, userId)).rejects.toMatchObject({ code: 'conflict' })
    expect(await findSession(owner.sessionId)).toMatchObject({ orgId })
    expect(await actionsOf(orgId)).toEqual(['member.left'])

    const both = await actorIn(orgId, await addMember(orgId, 'member'))
    const { id: elsewhere } = await createOrganization(both, 'Elsewhere')
    await switchOrganization({ ...both, orgId: elsewhere }, orgId)
    await endMembership(both, both.userId)
    expect(await findSession(both.sessionId)).toMatchObject({ orgId: elsewhere })
  })

  it('gets roles and quotas by owners and admins, and each change is in the log with what was before', async () => {
    const { orgId, userId } = await makeTenant()
    const owner = await actorIn(orgId, userId)
    const whom = await addMember(orgId, 'member')
    await changeRole(owner, whom, 'billing')
    await changeMemberQuota(owner, whom, 1000)
    expect(await findMember(orgId, whom)).toMatchObject({ role: 'billing', tokenQuota: 1000 })
    const weak = await actorIn(orgId, whom)
    for (const act of [() => changeRole(weak, whom, 'admin'), () => changeMemberQuota(weak, whom, null), () => endMembership(weak, userId)]) {
      await expect(act()).rejects.toMatchObject({ code: 'insufficient_permissions' })
    }
    expect(await listAudit(orgId, { limit: 9 })).toMatchObject([
      { action: 'quota.changed', actorId: userId, details: { from: null, to: 1000 }, ip: '192.0.2.7' },
      { action: 'member.role_changed', details: { from: 'member', to: 'billing' } },
    ])
  })
})

describe('an organisation', () => {
  it('is handed over with the owner’s password, to a member, and the old owner is an admin', async () => {
    const { orgId, userId } = await makeTenant()
    await setPasswordHash(userId, await hashPassword('the right one'))
    const owner = await actorIn(orgId, userId)
    const heir = await addMember(orgId, 'member')
    await expect(handOverOwnership(owner, { userId: heir, stayOwner: false, password: 'wrong' })).rejects.toMatchObject({ code: 'invalid_request', param: 'password' })
    await expect(handOverOwnership(owner, { userId: heir, stayOwner: false })).rejects.toMatchObject({ code: 'invalid_request' })
    await handOverOwnership(owner, { userId: heir, stayOwner: false, password: 'the right one' })
    expect([await findMember(orgId, heir), await findMember(orgId, userId)]).toMatchObject([{ role: 'owner' }, { role: 'admin' }])
    const admin = await actorIn(orgId, userId)
    await expect(handOverOwnership(admin, { userId, stayOwner: false, password: 'the right one' })).rejects.toMatchObject({ code: 'insufficient_permissions' })
    expect(await actionsOf(orgId)).toContain('organization.transferred')
  })

  it('may be one of several, each reached by its members alone', async () => {
    const [mine, theirs] = [await makeTenant(), await makeTenant()]
    const me = await actorIn(mine.orgId, mine.userId)
    const { id } = await createOrganization(me, 'Second')
    expect(await findSession(me.sessionId)).toMatchObject({ orgId: id, orgName: 'Second', role: 'owner', plan: 'free' })
    await switchOrganization({ ...me, orgId: id }, mine.orgId)
    expect(await findSession(me.sessionId)).toMatchObject({ orgId: mine.orgId })
    for (const none of [theirs.orgId, 'nonsense']) await expect(switchOrganization(me, none)).rejects.toMatchObject({ code: 'not_found' })
    expect(await findSession(me.sessionId)).toMatchObject({ orgId: mine.orgId })
    for (let owned = 2; owned < MOST_OWNED; owned += 1) await createOrganization(me, `Number ${owned}`)
    await expect(createOrganization(me, 'One too many')).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is renamed by its owner alone', async () => {
    const { orgId, userId } = await makeTenant()
    await renameOrganization(await actorIn(orgId, userId), 'Renamed')
    await expect(renameOrganization(await actorIn(orgId, await addMember(orgId, 'admin')), 'Mine')).rejects.toMatchObject({ code: 'insufficient_permissions' })
    expect(await listAudit(orgId, { action: 'organization.renamed', limit: 9 })).toMatchObject([{ details: { from: 'Tenant', to: 'Renamed' } }])
  })
})
