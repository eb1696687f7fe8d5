import { z } from 'zod'

/** What the pages of organisations, members and invitations, and their server, say to each other. */

const name = (what: string) => z.string().trim().min(1, `Enter ${what}.`).max(80, 'Use at most 80 characters.')
const email = z.string().trim().toLowerCase().pipe(z.email('Enter an e-mail address, such as name@example.com.').max(254))
// The upper limit keeps a hashed password from costing a server much time.
const newPassword = z.string().min(8, 'Use at least 8 characters.').max(200, 'Use at most 200 characters.')
const password = z.string().min(1, 'Enter your password.').max(200, 'Use at most 200 characters.')
/** 32 random bytes in base64url; anything else is a link that does not hold. */
const linkToken = z.string().max(200)

export const memberRole = z.enum(['owner', 'admin', 'member', 'billing'])

/** Ownership is not given by a link. */
export const invitedRole = memberRole.exclude(['owner'])

export const inviteBody = z.object({ email, role: invitedRole })

/** What the page needs to hand the link over itself; the token is stored as a hash only. */
export const invitationSent = z.object({
  id: z.string(),
  email: z.string(),
  /** Under this site's address. */
  path: z.string(),
  /** What became of the mail. */
  mail: z.enum(['sent', 'not_configured', 'failed']),
})
export type InvitationSent = z.infer<typeof invitationSent>

/** Signed in: the token alone. With an account: its password. Without one: a name and a new password. */
export const acceptInvitationBody = z.union([
  z.strictObject({ token: linkToken }),
  z.strictObject({ token: linkToken, password }),
  z.strictObject({ token: linkToken, name: name('your name'), newPassword }),
])

/** The form of somebody new, as the page checks it before it sends it. */
export const newPersonForm = z.object({ name: name('your name'), newPassword })

export const invitationAccepted = z.object({
  orgId: z.string(),
  email: z.string(),
  /** Whether the session goes on in it. */
  switched: z.boolean(),
})

export const changeMemberBody = z
  .object({ role: invitedRole, tokenQuota: z.number().int('Use a whole number.').min(0, 'Use 0 or more.').max(Number.MAX_SAFE_INTEGER, 'This is too much.').nullable() })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'Name what is to change.')

/** Confirmed by the password, where the account has one, and by a code, where it has a second factor. */
export const ownershipBody = z.object({
  userId: z.string(),
  /** Whether whoever hands it over stays an owner too; else becomes an admin. */
  stayOwner: z.boolean(),
  password: z.string().max(200).optional(),
  code: z.string().trim().max(40).optional(),
})

export const newOrganizationBody = z.object({ name: name('a name for the organisation') })

export const passwordResetBody = z.object({ email })

export const newPasswordBody = z.object({ token: linkToken, newPassword })

export const emailVerificationBody = z.object({ token: z.string().max(2000) })

/** Of the audit log: how it is searched, in the page's address and in that of its CSV. Days are UTC, both included. */
export const auditQuery = z.object({
  text: z.string().max(200).optional(),
  action: z.string().max(80).optional(),
  actor: z.string().max(254).optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  before: z.string().max(40).optional(),
})
export type AuditQuery = z.infer<typeof auditQuery>
