import { randomBytes } from 'node:crypto'
import { Resolver } from 'node:dns/promises'
import { issuerReach } from '@/lib/auth/issuer-address'
import { discoverIssuer } from '@/lib/auth/issuer-discovery'
import { sealSecret } from '@/lib/auth/secret-box'
import type { Env } from '@/lib/contract/env'
import { AppError } from '@/lib/contract/errors'
import type { IdentityProviderBody } from '@/lib/contract/sign-in'
import {
  addSsoDomain, confirmSsoDomain, listSsoDomains, readIdentityProvider, removeIdentityProvider, removeSsoDomain, writeIdentityProvider,
} from '@/lib/db/identity-providers'
import { auditAs, type Actor } from './actor'
import { requirePermission } from './require-permission'

/** Where the proof of a domain stands, and what it says. */
export function domainProof({ domain, token }: { domain: string; token: string }): { name: string; value: string } {
  return { name: `_parley.${domain}`, value: `parley-domain=${token}` }
}

/**
 * Sets the organisation's issuer, which must answer. Who turns on that members come in through it alone
 * must be an owner or have come in through it, so that nobody locks everybody out by a slip. AppError
 * `invalid_request` naming the field.
 */
export async function configureSingleSignOn(actor: Actor, body: IdentityProviderBody, env: Env): Promise<void> {
  requirePermission(actor.role, 'sso:write')
  const { clientSecret, ...settings } = body
  const before = await readIdentityProvider(actor.orgId)
  const through = before !== null && before.id === actor.identityProviderId && before.issuer === body.issuer && before.clientId === body.clientId
  if (settings.required && before?.required !== true && actor.role !== 'owner' && !through) {
    throw new AppError('invalid_request', 'Sign in through it yourself first, or let an owner turn this on.', { param: 'required' })
  }
  const metadata = await discoverIssuer(settings.issuer, issuerReach(env))
  const { replaced } = await writeIdentityProvider(actor.orgId, { ...settings, clientSecret: clientSecret === undefined ? null : sealSecret(clientSecret) })
  const { required, autoJoinRole } = settings
  await auditAs(actor, before === null ? 'sso.enabled' : 'sso.changed', metadata.issuer, { required, auto_join: autoJoinRole, replaced, secret_changed: clientSecret !== undefined })
}

/** Ends it with every session and link through it. AppError `not_found` where there is none. */
export async function endSingleSignOn(actor: Actor): Promise<void> {
  requirePermission(actor.role, 'sso:write')
  const before = await readIdentityProvider(actor.orgId)
  if (before === null || !(await removeIdentityProvider(actor.orgId))) throw new AppError('not_found', 'There is no single sign-on.')
  await auditAs(actor, 'sso.disabled', before.issuer)
}

export async function claimDomain(actor: Actor, domain: string): Promise<void> {
  requirePermission(actor.role, 'sso:write')
  await addSsoDomain(actor.orgId, domain, randomBytes(16).toString('hex'))
  await auditAs(actor, 'sso.domain_added', domain)
}

export async function dropDomain(actor: Actor, domain: string): Promise<void> {
  requirePermission(actor.role, 'sso:write')
  if (!(await removeSsoDomain(actor.orgId, domain))) throw new AppError('not_found', 'This domain is not in the list.')
  await auditAs(actor, 'sso.domain_removed', domain)
}

/** The texts of a name's TXT records. */
export type TxtLookup = (name: string) => Promise<string[][]>

/** Looks for the proof in the domain's name service. AppError `invalid_request` where it is not there, `not_found` where the domain is not in the list. */
export async function proveDomain(actor: Actor, domain: string, lookUp: TxtLookup = lookUpTxt): Promise<void> {
  requirePermission(actor.role, 'sso:write')
  const claimed = (await listSsoDomains(actor.orgId)).find((candidate) => candidate.domain === domain)
  if (claimed === undefined) throw new AppError('not_found', 'This domain is not in the list.')
  const { name, value } = domainProof(claimed)
  const records = await lookUp(name).catch(() => [])
  if (!records.some((parts) => parts.join('').trim() === value)) {
    throw new AppError('invalid_request', `${name} has no TXT record “${value}” yet. A new record can take some time to be seen everywhere.`, { param: 'domain' })
  }
  await confirmSsoDomain(actor.orgId, domain)
  await auditAs(actor, 'sso.domain_confirmed', domain, { by: 'dns' })
}

function lookUpTxt(name: string): Promise<string[][]> {
  return new Resolver({ timeout: 1500, tries: 2 }).resolveTxt(name)
}
