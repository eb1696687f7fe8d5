import { AppError } from '@/lib/contract/errors'
import { appClient } from './client'
import { databaseError, UNIQUE_VIOLATION } from './database-error'
import { storableText } from './storable-text'
import { withUser } from './tenant'

/** An account elsewhere: `github`, `google` or `oidc-` and the id of an organisation's issuer, and who it is there. */
export interface ForeignIdentity {
  provider: string
  subject: string
}

export interface LinkedPerson {
  userId: string
  email: string
  /** Where a session may start: the issuer's organisation, else the person's first that this way in suffices for. */
  orgId: string | null
  /** Where `orgId` is null: an organisation that wants its own sign-on; null where the person belongs to none. */
  ssoOrgId: string | null
  /** Whether a code has to follow. */
  secondFactor: boolean
}

interface LinkedRow {
  user_id: string
  email: string
  org_id: string | null
  sso_org_id: string | null
  second_factor: boolean
}

/** Whom it belongs to here; null where it is linked to nobody. Its use is noted. */
export async function findLinkedPerson({ provider, subject }: ForeignIdentity): Promise<LinkedPerson | null> {
  const rows = await appClient().$queryRaw<LinkedRow[]>`SELECT * FROM find_linked_account(${provider}, ${storableText(subject)})`
  const row = rows[0]
  if (row === undefined) return null
  return { userId: row.user_id, email: row.email, orgId: row.org_id, ssoOrgId: row.sso_org_id, secondFactor: row.second_factor }
}

export interface LinkedAccount {
  provider: string
  subject: string
  email: string | null
  createdAt: Date
  lastUsedAt: Date | null
}

export async function listLinkedAccounts(userId: string): Promise<LinkedAccount[]> {
  return withUser(userId, (tx) =>
    tx.linkedAccount.findMany({
      where: { userId },
      select: { provider: true, subject: true, email: true, createdAt: true, lastUsedAt: true },
      orderBy: { createdAt: 'asc' },
    }),
  )
}

/** AppError `conflict` where it is linked to somebody. */
export async function linkAccount(
  userId: string,
  account: ForeignIdentity & { email: string | null; identityProviderId: string | null },
): Promise<void> {
  const { provider, subject, email, identityProviderId } = account
  try {
    await withUser(userId, (tx) =>
      tx.linkedAccount.create({
        data: { provider, subject: storableText(subject), userId, email: email === null ? null : storableText(email), identityProviderId },
      }),
    )
  } catch (cause) {
    if (databaseError(cause)?.sqlState !== UNIQUE_VIOLATION) throw cause
    throw new AppError('conflict', 'This account is linked to somebody already.', { cause })
  }
}

/** False where it is not one of the person's. */
export async function unlinkAccount(userId: string, { provider, subject }: ForeignIdentity): Promise<boolean> {
  const { count } = await withUser(userId, (tx) => tx.linkedAccount.deleteMany({ where: { userId, provider, subject } }))
  return count === 1
}

/**
 * Somebody new, with an e-mail that the provider has verified: into the organisations that have
 * invited it, else with an organisation of their own; null where none has and `orgName` is null. `orgId`
 * is null where all of them want their own sign-on. AppError `conflict` where the e-mail or the account is known.
 */
export async function signUpLinked(
  person: ForeignIdentity & { email: string; name: string; orgName: string | null },
): Promise<{ userId: string; orgId: string | null } | null> {
  const [email, name, subject] = [person.email, person.name, person.subject].map(storableText)
  const orgName = person.orgName === null ? null : storableText(person.orgName)
  try {
    const rows = await appClient().$queryRaw<{ user_id: string; org_id: string | null }[]>`
      SELECT user_id, org_id FROM sign_up_linked(${email}, ${name}, ${orgName}, ${person.provider}, ${subject})`
    const row = rows[0]
    return row === undefined ? null : { userId: row.user_id, orgId: row.org_id }
  } catch (cause) {
    if (databaseError(cause)?.sqlState !== UNIQUE_VIOLATION) throw cause
    throw new AppError('conflict', 'There is an account with this e-mail already.', { cause })
  }
}

export type IssuerEntry =
  | { outcome: 'linked' | 'joined'; userId: string; orgId: string }
  | { outcome: 'foreign_domain' | 'known' | 'closed' }

/** Somebody unknown at an organisation's issuer, with an e-mail that the issuer has verified; see enter_by_identity_provider. */
export async function enterByIssuer(entry: { identityProviderId: string; subject: string; email: string; name: string }): Promise<IssuerEntry> {
  const [subject, email, name] = [entry.subject, entry.email, entry.name].map(storableText)
  const rows = await appClient().$queryRaw<{ outcome: IssuerEntry['outcome']; user_id: string | null; org_id: string | null }[]>`
    SELECT * FROM enter_by_identity_provider(${entry.identityProviderId}::uuid, ${subject}, ${email}, ${name})`
  const row = rows[0]
  if (row === undefined) throw new Error('enter_by_identity_provider returned no row.')
  if (row.outcome !== 'linked' && row.outcome !== 'joined') return { outcome: row.outcome }
  if (row.user_id === null || row.org_id === null) throw new Error('Whoever enters has an account and an organisation.')
  return { outcome: row.outcome, userId: row.user_id, orgId: row.org_id }
}
