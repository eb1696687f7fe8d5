import { AppError } from '@/lib/contract/errors'
import { recordAudit, recordPersonAudit } from '@/lib/db/audit'
import { featureEnabled } from '@/lib/db/feature-switches'
import { enterByIssuer, findLinkedPerson, linkAccount, signUpLinked, type LinkedPerson } from '@/lib/db/linked-accounts'
import { listMembershipsOf } from '@/lib/db/memberships'
import { takeLinking, type SessionIdentity } from '@/lib/db/sessions'
import { openSession, type OpenedSession, type RequestOrigin } from './open-session'
import { startOf } from './sign-in'

/** Who somebody is elsewhere, as the provider has proved it. */
export interface ForeignProfile {
  provider: string
  method: 'github' | 'google' | 'sso'
  subject: string
  name: string
  email: string | null
  /** Whether the provider says that the address is this person's. */
  emailVerified: boolean
  /** Of an organisation's own issuer, with the organisation. */
  issuer: { id: string; orgId: string } | null
}

/** Why nobody was signed in; each has its sentence on the page. */
export type Refusal =
  | 'linked_elsewhere'
  | 'no_organization'
  /** With the organisation's id. */
  | `sso_required:${string}`
  | 'email_not_verified'
  | 'sign_in_to_link'
  | 'sign_up_closed'
  | 'not_a_member'

export type ForeignSignIn = (OpenedSession & { linked: boolean; userId: string }) | { refused: Refusal }

/**
 * Signs in whoever comes back from a provider.
 *
 * An account here is found by (provider, subject) alone. An unknown subject is linked to an account that
 * exists in two cases: its holder has asked for it while signed in, within the last minutes; or the
 * organisation's own issuer vouches for a verified address of a domain that the organisation has proved,
 * and the account is a member there (or of an address verified here). Google and GitHub never link by
 * e-mail: whoever had made an account under somebody else's address would come along. A session through
 * an organisation's issuer acts in that organisation alone, so that its admins gain nothing beyond it.
 */
export async function signInFromElsewhere(profile: ForeignProfile, current: SessionIdentity | null, origin: RequestOrigin): Promise<ForeignSignIn> {
  if (current?.impersonatedBy === null && (await takeLinking(current.userId, current.sessionId))) return link(profile, current, origin)
  const { issuer, method } = profile
  const known = await findLinkedPerson(profile)
  const person = known ?? (await enter(profile, origin))
  if ('refused' in person) return person
  if (issuer !== null && person.orgId === null) return { refused: 'not_a_member' }
  try {
    const opened = await openSession({
      userId: person.userId,
      orgId: startOf(person),
      method,
      secondFactor: person.secondFactor ? 'due' : 'none',
      identityProviderId: issuer?.id ?? null,
      origin,
    })
    return { ...opened, linked: false, userId: person.userId }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { refused: error.code === 'sso_required' ? `sso_required:${error.param ?? ''}` : 'no_organization' }
  }
}

async function link(profile: ForeignProfile, { userId, sessionId }: SessionIdentity, origin: RequestOrigin): Promise<ForeignSignIn> {
  const { provider, issuer, email } = profile
  if (issuer !== null && !(await listMembershipsOf(userId)).some(({ orgId }) => orgId === issuer.orgId)) return { refused: 'not_a_member' }
  const known = await findLinkedPerson(profile)
  if (known !== null && known.userId !== userId) return { refused: 'linked_elsewhere' }
  if (known === null) {
    await linkAccount(userId, { ...profile, identityProviderId: issuer?.id ?? null })
    await recordPersonAudit(userId, { action: 'provider.linked', target: email, details: { provider }, ...origin })
  }
  return { sessionId, userId, linked: true, newDevice: false }
}

/** Somebody whom nothing is linked to: an account by the provider's word, or the reason why not. */
async function enter(profile: ForeignProfile, origin: RequestOrigin): Promise<LinkedPerson | { refused: Refusal }> {
  const { email, emailVerified, issuer } = profile
  if (email === null || !emailVerified) return { refused: issuer === null ? 'email_not_verified' : 'sign_in_to_link' }
  const name = profile.name.trim().slice(0, 80) || email.slice(0, email.indexOf('@'))
  const person = { ...profile, email, name }
  const refused = issuer === null ? await signUpNew(person, origin) : await enterOrganization(person, issuer, origin)
  if (refused !== null) return { refused }
  const linked = await findLinkedPerson(profile)
  if (linked === null) throw new Error('Whoever has just entered is linked.')
  return linked
}

async function enterOrganization(
  { provider, subject, email, name }: ForeignProfile & { email: string },
  issuer: { id: string; orgId: string },
  origin: RequestOrigin,
): Promise<Refusal | null> {
  const entry = await enterByIssuer({ identityProviderId: issuer.id, subject, email, name })
  if (entry.outcome !== 'linked' && entry.outcome !== 'joined') {
    return entry.outcome === 'closed' ? 'not_a_member' : 'sign_in_to_link'
  }
  const action = entry.outcome === 'linked' ? 'provider.linked' : 'member.joined'
  await recordAudit({ orgId: issuer.orgId, actorId: entry.userId, action, target: email, details: { provider }, ...origin })
  return null
}

async function signUpNew({ provider, subject, email, name }: ForeignProfile & { email: string }, origin: RequestOrigin): Promise<Refusal | null> {
  const orgName = (await featureEnabled('sign_up')) ? `${name}’s organisation` : null
  try {
    const made = await signUpLinked({ provider, subject, email, name, orgName })
    if (made === null) return 'sign_up_closed'
    await recordPersonAudit(made.userId, { action: 'account.created', target: email, details: { provider }, ...origin })
    return null
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return 'sign_in_to_link'
    throw error
  }
}
