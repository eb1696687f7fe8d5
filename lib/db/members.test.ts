import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '@/lib/contract/errors'
import { ROLES, type Role } from '@/lib/domain/permissions'
import { changeMemberRole, listMembers, removeMember, shareOwnership } from './memberships'
import { addOrganization, MOST_OWNED } from './organizations'
import { useDatabase } from './testing/database'
import { addMember, makeTenant, withConnection } from './testing/tenant'

const database = useDatabase()

const rolesOf = async (orgId: string) => (await listMembers(orgId)).map(({ role }) => role).sort()

const people = ['a', 'b', 'c', 'd'] as const
const person = fc.constantFrom(...people)
const step = fc.oneof(
  fc.record({ kind: fc.constant('role' as const), by: person, whom: person, role: fc.constantFrom(...ROLES) }),
  fc.record({ kind: fc.constant('remove' as const), by: person, whom: person }),
  fc.record({ kind: fc.constant('share' as const), by: person, whom: person, stay: fc.boolean() }),
)

describe('an organisation', () => {
  it('keeps an owner, whatever its members do at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
        const { orgId, userId } = await makeTenant()
        const ids = { a: userId, b: await addMember(orgId, 'admin'), c: await addMember(orgId, 'admin'), d: await addMember(orgId, 'member') }
        await shareOwnership(orgId, ids.a, ids.b, true)
        await shareOwnership(orgId, ids.a, ids.c, true)
        const outcomes = await Promise.allSettled(
          steps.map((one) => {
            const [by, whom] = [ids[one.by], ids[one.whom]]
            if (one.kind === 'role') return changeMemberRole(orgId, by, whom, one.role)
            return one.kind === 'remove' ? removeMember(orgId, by, whom) : shareOwnership(orgId, by, whom, one.stay)
          }),
        )
        expect(await rolesOf(orgId)).toContain('owner')
        const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
        for (const reason of refusals) expect(reason).toBeInstanceOf(AppError)
      }),
      { numRuns: 15 },
    )
  }, 60_000)

  it('lets one of two owners go who leave at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { orgId, userId } = await makeTenant()
      const other = await addMember(orgId, 'admin')
      await shareOwnership(orgId, userId, other, true)
      const outcomes = await Promise.allSettled([removeMember(orgId, userId, userId), removeMember(orgId, other, other)])
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } })
      expect(await rolesOf(orgId)).toEqual(['owner'])
    }
  })

  it('goes as a whole with its owners', async () => {
    const { orgId } = await makeTenant()
    await addMember(orgId, 'member')
    await withConnection(database.operatorUrl, (client) => client.query('DELETE FROM organizations WHERE id = $1', [orgId]))
    expect(await listMembers(orgId)).toEqual([])
  })

  it('is one of at most so many that a person owns, however many are asked for at once', async () => {
    const { userId } = await makeTenant()
    const outcomes = await Promise.allSettled(Array.from({ length: MOST_OWNED + 3 }, (_, place) => addOrganization(userId, `Number ${place}`)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(MOST_OWNED - 1)
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } })
  })
})

describe('a role', () => {
  const rank: Record<Role, number> = { owner: 3, admin: 2, member: 1, billing: 1 }

  it('lets nobody manage a member above it or give a role above it, for every three of roles', async () => {
    const { orgId, userId: founder } = await makeTenant()
    const ids = { owner: await addMember(orgId, 'admin'), admin: await addMember(orgId, 'admin'), member: await addMember(orgId, 'member'), billing: await addMember(orgId, 'billing') }
    await shareOwnership(orgId, founder, ids.owner, true)
    for (const own of ROLES) {
      for (const other of ROLES) {
        for (const given of ROLES) {
          const whom = await addMember(orgId, other === 'owner' ? 'admin' : other)
          if (other === 'owner') await shareOwnership(orgId, founder, whom, true)
          const outcome = await changeMemberRole(orgId, ids[own], whom, given).catch((error: unknown) => error)
          const allowed = rank[own] >= 2 && rank[own] >= rank[other] && rank[own] >= rank[given]
          if (allowed) expect(outcome, `${own} makes ${other} ${given}`).toBe(other)
          else expect(outcome, `${own} makes ${other} ${given}`).toMatchObject({ code: 'insufficient_permissions' })
          await removeMember(orgId, whom, whom)
        }
      }
    }
  }, 60_000)

  it('reaches nobody of another organisation', async () => {
    const [mine, theirs] = [await makeTenant(), await makeTenant()]
    const whom = await addMember(theirs.orgId, 'member')
    for (const id of [whom, 'nonsense']) {
      expect(await changeMemberRole(mine.orgId, mine.userId, id, 'billing')).toBeNull()
      expect(await removeMember(mine.orgId, mine.userId, id)).toBeNull()
      expect(await shareOwnership(mine.orgId, mine.userId, id, false)).toBe(false)
    }
    await expect(changeMemberRole(theirs.orgId, mine.userId, whom, 'billing')).rejects.toMatchObject({ code: 'insufficient_permissions' })
    expect(await rolesOf(theirs.orgId)).toEqual(['member', 'owner'])
  })

  it('of an owner is handed over by an owner alone, who then is an admin', async () => {
    const { orgId, userId } = await makeTenant()
    const admin = await addMember(orgId, 'admin')
    await expect(shareOwnership(orgId, admin, admin, true)).rejects.toMatchObject({ code: 'insufficient_permissions' })
    expect(await shareOwnership(orgId, userId, admin, false)).toBe(true)
    const members = await listMembers(orgId)
    expect(members.find((member) => member.userId === userId)?.role).toBe('admin')
    expect(members.find((member) => member.userId === admin)?.role).toBe('owner')
  })
})
