import { randomUUID } from 'node:crypto'
import { newApiKey } from '@/lib/auth/api-key-format'
import { createApiKey } from '@/lib/db/api-keys'
import { setKeyQuota, writeBudget } from '@/lib/db/budgets'
import { createOrganization, type OrganizationTerms } from '@/lib/db/organizations'

export interface LoadTenant {
  orgId: string
  keys: string[]
}

/** Six tenants: some with plenty, the others with a quota or a budget that so many requests use up half-way. */
export async function makeLoadTenants(requests: number): Promise<LoadTenant[]> {
  const hardStop = (limit: number) => ({ limitMicros: BigInt(limit), hardStop: true, alertPercents: [50, 80, 100] })
  const rich = await makeTenant({ plan: 'enterprise' }, 3)
  const limitedKey = await makeTenant({ plan: 'pro' }, 2, requests * 2)
  const fewTokens = await makeTenant({ plan: 'free', tokenQuota: requests * 4 }, 3)
  const fewCharacters = await makeTenant({ plan: 'free', characterQuota: requests }, 2)
  const budget = await makeTenant({ plan: 'pro' }, 3)
  await writeBudget(budget.orgId, hardStop(requests * 8))
  const everything = await makeTenant({ plan: 'enterprise', tokenQuota: requests * 5, characterQuota: requests * 2 }, 2, requests * 3)
  await writeBudget(everything.orgId, hardStop(requests * 20))
  return [rich, limitedKey, fewTokens, fewCharacters, budget, everything]
}

/** With a `quota` its first key has that many tokens a month. */
async function makeTenant(terms: OrganizationTerms, keys: number, quota: number | null = null): Promise<LoadTenant> {
  const owner = { email: `load-${randomUUID()}@example.com`, name: 'Load', passwordHash: 'no password opens this' }
  const { organization, ownerId } = await createOrganization({ name: 'Load', owner, ...terms })
  const tenant: LoadTenant = { orgId: organization.id, keys: [] }
  for (let index = 0; index < keys; index++) {
    const { key, prefix, hash } = newApiKey()
    const { id } = await createApiKey(tenant.orgId, { name: `Key ${index}`, scopes: ['chat', 'translate'], createdBy: ownerId, expiresAt: null, prefix, hash })
    if (index === 0 && quota !== null) await setKeyQuota(tenant.orgId, id, quota)
    tenant.keys.push(key)
  }
  return tenant
}
