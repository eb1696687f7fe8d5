import { beforeAll, describe, expect, it } from 'vitest'
import { createOrganization, setOrganizationTerms } from './organizations'
import { findTenant, listTenantMembers, searchTenants, type TenantSearch } from './tenants'
import { placeHold, settleHold } from './ledger'
import { useDatabase } from './testing/database'

useDatabase()

const ids = new Map<string, string>()

beforeAll(async () => {
  for (const [name, plan] of [['Acme', 'pro'], ['Beta 100%', 'free'], ['acorn_works', 'free']] as const) {
    const owner = { email: `${name.slice(0, 4).toLowerCase()}@people.example`, name, passwordHash: 'none' }
    const { organization } = await createOrganization({ name, plan, owner })
    ids.set(name, organization.id)
  }
  await setOrganizationTerms(ids.get('acorn_works') ?? '', { suspendedAt: new Date(), tokenQuota: 77 })
  const orgId = ids.get('Beta 100%') ?? ''
  await placeHold(orgId, { requestId: 'r', userId: null, keyId: null, model: 'm', feature: 'chat', tokens: 50, characters: 0, ttlSeconds: 60 })
  await settleHold(orgId, 'r', { promptTokens: 30, completionTokens: 10, characters: 0 })
})

async function found(search: Partial<TenantSearch>): Promise<[string[], number]> {
  const { tenants, total } = await searchTenants({ sort: 'name', descending: false, offset: 0, limit: 10, ...search })
  return [tenants.map(({ name }) => name), total]
}

describe('the operator’s search of tenants', () => {
  it('finds by a part of the name or of a member’s e-mail in any case, and by the id', async () => {
    expect(await found({ text: 'AC' })).toEqual([['Acme', 'acorn_works'], 2])
    expect(await found({ text: 'beta@PEOPLE' })).toEqual([['Beta 100%'], 1])
    expect(await found({ text: ids.get('Acme') })).toEqual([['Acme'], 1])
    expect(await found({ text: '100%' })).toEqual([['Beta 100%'], 1])
    expect(await found({ text: '_works%' })).toEqual([[], 0])
  })

  it('filters by plan and state', async () => {
    expect(await found({ plan: 'free' })).toEqual([['acorn_works', 'Beta 100%'], 2])
    expect(await found({ plan: 'free', suspended: false })).toEqual([['Beta 100%'], 1])
    expect(await found({ suspended: true })).toEqual([['acorn_works'], 1])
  })

  it('sorts either way and gives one page of all', async () => {
    expect(await found({ sort: 'tokens', descending: true, limit: 1 })).toEqual([['Beta 100%'], 3])
    expect(await found({ sort: 'created', offset: 1, limit: 1 })).toEqual([['Beta 100%'], 3])
    expect(await found({ sort: 'name', descending: true })).toEqual([['Beta 100%', 'acorn_works', 'Acme'], 3])
  })
})

it('shows a tenant with its terms, its owner and what it used this month', async () => {
  expect(await findTenant(ids.get('Beta 100%') ?? '')).toMatchObject({ plan: 'free', owner: 'beta@people.example', members: 1, tokens: 40, tokenQuota: null, suspendedAt: null })
  expect(await findTenant(ids.get('acorn_works') ?? '')).toMatchObject({ tokenQuota: 77, suspendedAt: expect.any(Date) as unknown })
  expect(await findTenant('no-id')).toBeNull()
  expect(await listTenantMembers(ids.get('Acme') ?? '')).toMatchObject([{ email: 'acme@people.example', role: 'owner', isOperator: false, lastSeenAt: null }])
  expect(await listTenantMembers('no-id')).toEqual([])
})
