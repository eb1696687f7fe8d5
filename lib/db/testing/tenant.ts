import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { acceptInvitationAsNew, createInvitation, type InvitedRole } from '../invitations'
import { setOrganizationTerms, type OrganizationTerms } from '../organizations'
import { signUp } from '../sign-ups'

/** An organisation with its owner, of a name that no other test has. */
export async function makeTenant(terms: OrganizationTerms = {}): Promise<{ orgId: string; userId: string; email: string }> {
  const email = `owner-${randomUUID()}@example.com`
  const { orgId, userId } = await signUp({ email, name: 'Owner', passwordHash: 'no password opens this', orgName: 'Tenant' })
  if (Object.keys(terms).length > 0) await setOrganizationTerms(orgId, terms)
  return { orgId, userId, email }
}

/** One more person in the organisation, who signs in with no password and has no organisation else. */
export async function addMember(orgId: string, role: InvitedRole, email = `${role}-${randomUUID()}@example.com`): Promise<string> {
  const tokenHash = randomUUID()
  await createInvitation(orgId, { email, role, tokenHash, invitedBy: null, ttlSeconds: 60 })
  const joined = await acceptInvitationAsNew(tokenHash, { name: role, passwordHash: 'no password opens this' })
  if (joined === null) throw new Error('The invitation that was just made is open.')
  return joined.userId
}

/** Runs statements over one connection of its own, closed afterwards. */
export async function withConnection<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
