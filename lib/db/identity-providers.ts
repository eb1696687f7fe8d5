import { AppError } from '@/lib/contract/errors'
import type { Role } from '@/lib/domain/permissions'
import { appClient } from './client'
import { databaseError, UNIQUE_VIOLATION } from './database-error'
import { storableText } from './storable-text'
import { withOperator, withTenant, type Transaction } from './tenant'
import { isUuid } from './uuid'

/** What a sign-in needs of an organisation's issuer. */
export interface IdentityProvider {
  id: string
  orgId: string
  orgName: string
  name: string
  issuer: string
  clientId: string
  /** Sealed. */
  clientSecret: string
}

interface ProviderRow {
  id: string
  org_id: string
  org_name: string
  name: string
  issuer: string
  client_id: string
  client_secret: string
}

/** Before anybody is signed in: by its own id, by its organisation's, or by an e-mail domain that the organisation has proved. */
export async function findIdentityProvider(by: { id: string } | { orgId: string } | { domain: string }): Promise<IdentityProvider | null> {
  const id = 'id' in by ? by.id : null
  const orgId = 'orgId' in by ? by.orgId : null
  const domain = 'domain' in by ? storableText(by.domain) : null
  if ((id !== null && !isUuid(id)) || (orgId !== null && !isUuid(orgId))) return null
  const rows = await appClient().$queryRaw<ProviderRow[]>`SELECT * FROM find_identity_provider(${id}::uuid, ${orgId}::uuid, ${domain})`
  const row = rows[0]
  if (row === undefined) return null
  const { name, issuer } = row
  return { id: row.id, orgId: row.org_id, orgName: row.org_name, name, issuer, clientId: row.client_id, clientSecret: row.client_secret }
}

export interface IdentityProviderSettings {
  name: string
  issuer: string
  clientId: string
  required: boolean
  /** null: only who was invited is taken in. */
  autoJoinRole: Role | null
}

/** The organisation's issuer; null where there is none. */
export async function readIdentityProvider(orgId: string): Promise<(IdentityProviderSettings & { id: string }) | null> {
  return withTenant(orgId, (tx) =>
    tx.identityProvider.findUnique({
      where: { orgId },
      select: { id: true, name: true, issuer: true, clientId: true, required: true, autoJoinRole: true },
    }),
  )
}

/**
 * Writes the organisation's issuer; without `clientSecret` (sealed) the one that is there stays. Under
 * another issuer or client it is a new row, and whatever was linked or opened by the old one ends.
 * AppError `invalid_request` where a secret is needed and none is there.
 */
export async function writeIdentityProvider(
  orgId: string,
  { clientSecret, ...settings }: IdentityProviderSettings & { clientSecret: string | null },
): Promise<{ id: string; replaced: boolean }> {
  return withTenant(orgId, async (tx) => {
    const before = await tx.identityProvider.findUnique({ where: { orgId } })
    const same = before?.issuer === settings.issuer && before.clientId === settings.clientId
    if (before !== null && same) {
      const { name, required, autoJoinRole } = settings
      const secret = clientSecret === null ? {} : { clientSecret }
      await tx.identityProvider.updateMany({ where: { id: before.id, orgId }, data: { name: storableText(name), required, autoJoinRole, ...secret } })
      return { id: before.id, replaced: false }
    }
    if (clientSecret === null) throw new AppError('invalid_request', 'Enter the client secret.', { param: 'clientSecret' })
    await tx.identityProvider.deleteMany({ where: { orgId } })
    const made = await tx.identityProvider.create({ data: { ...settings, name: storableText(settings.name), clientSecret, orgId }, select: { id: true } })
    return { id: made.id, replaced: before !== null }
  })
}

/** Ends the organisation's own sign-on, with every session and link of it. False where there was none. */
export async function removeIdentityProvider(orgId: string): Promise<boolean> {
  const { count } = await withTenant(orgId, (tx) => tx.identityProvider.deleteMany({ where: { orgId } }))
  return count === 1
}

export interface SsoDomain {
  domain: string
  /** What a TXT record of the domain has to say. */
  token: string
  confirmedAt: Date | null
}

export async function listSsoDomains(orgId: string): Promise<SsoDomain[]> {
  return withTenant(orgId, (tx) =>
    tx.ssoDomain.findMany({ where: { orgId }, select: { domain: true, token: true, confirmedAt: true }, orderBy: { domain: 'asc' } }),
  )
}

/** AppError `conflict` where the organisation has it already. */
export async function addSsoDomain(orgId: string, domain: string, token: string): Promise<void> {
  try {
    await withTenant(orgId, (tx) => tx.ssoDomain.create({ data: { orgId, domain, token } }))
  } catch (cause) {
    if (databaseError(cause)?.sqlState !== UNIQUE_VIOLATION) throw cause
    throw new AppError('conflict', 'This domain is in the list already.', { param: 'domain', cause })
  }
}

/** False where the organisation does not have it. */
export async function removeSsoDomain(orgId: string, domain: string): Promise<boolean> {
  const { count } = await withTenant(orgId, (tx) => tx.ssoDomain.deleteMany({ where: { orgId, domain } }))
  return count === 1
}

/** After its proof. False where the organisation does not have it; AppError `conflict` where another organisation has proved it. */
export async function confirmSsoDomain(orgId: string, domain: string): Promise<boolean> {
  return confirm((work) => withTenant(orgId, work), orgId, domain)
}

/** The same as the operator, who knows whose the domain is; it need not be in the list. */
export async function confirmSsoDomainAsOperator(orgId: string, domain: string, token: string): Promise<boolean> {
  return confirm(withOperator, orgId, domain, token)
}

async function confirm(run: typeof withOperator, orgId: string, domain: string, token?: string): Promise<boolean> {
  try {
    return await run(async (tx: Transaction) => {
      if (token !== undefined) await tx.ssoDomain.createMany({ data: { orgId, domain, token }, skipDuplicates: true })
      const { count } = await tx.ssoDomain.updateMany({ where: { orgId, domain }, data: { confirmedAt: new Date() } })
      return count === 1
    })
  } catch (cause) {
    if (databaseError(cause)?.sqlState !== UNIQUE_VIOLATION) throw cause
    throw new AppError('conflict', 'Another organisation has proved that this domain is its own.', { param: 'domain', cause })
  }
}
