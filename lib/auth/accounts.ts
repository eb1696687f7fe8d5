import { z } from 'zod'
import { AppError } from '@/lib/contract/errors'
import { recordAudit } from '@/lib/db/audit'
import { listMembershipsOf } from '@/lib/db/memberships'
import { createOrganization } from '@/lib/db/organizations'
import { signUp } from '@/lib/db/sign-ups'
import { findPasswordHash, findUserByEmail, markOperator, type User } from '@/lib/db/users'
import type { Plan } from '@/lib/domain/plans'
import type { RequestOrigin } from './open-session'
import { hashPassword, passwordSchema, verifyPassword } from './passwords'

export const emailSchema = z.string().trim().toLowerCase().max(254).pipe(z.email('This is not an e-mail address.'))

const nameSchema = z.string().trim().min(1, 'A name is needed.').max(120, 'A name has at most 120 characters.')

const signUpSchema = z.object({ email: emailSchema, name: nameSchema, password: passwordSchema, orgName: nameSchema })

/** A person with an organisation of their own, told in its audit log. AppError `invalid_request` naming the field, `conflict` where the e-mail is known. */
export async function signUpPerson(
  person: { email: string; name: string; password: string; orgName: string },
  origin: RequestOrigin = { ip: null, userAgent: null },
): Promise<{ userId: string; orgId: string }> {
  const { password, ...rest } = parse(signUpSchema, person)
  const made = await signUp({ ...rest, passwordHash: await hashPassword(password) })
  await recordAudit({ orgId: made.orgId, actorId: made.userId, action: 'organization.created', target: rest.orgName, ...origin })
  return made
}

const ownedSchema = z.object({ email: emailSchema, password: passwordSchema, name: nameSchema })

/**
 * As the operator: an organisation and its owner. A known e-mail must come with its own password;
 * that person then owns this organisation too, else AppError `conflict`.
 */
export async function createOrganizationWithOwner(params: {
  name: string
  email: string
  password: string
  plan?: Plan
  tokenQuota?: number | null
}): Promise<{ orgId: string; userId: string }> {
  const { email, password, name } = parse(ownedSchema, params)
  const terms = { name, plan: params.plan ?? 'free', tokenQuota: params.tokenQuota ?? null }
  const person = await knownPerson(email, password)
  const owner = person === null ? await newPerson(email, password) : { id: person.id }
  const { organization, ownerId } = await createOrganization({ ...terms, owner })
  return { orgId: organization.id, userId: ownerId }
}

/**
 * An operator of the installation, with an organisation of its own, since a session always works in
 * one. A known e-mail must come with its own password and becomes an operator, else AppError `conflict`.
 */
export async function createOperator(params: { email: string; password: string }): Promise<{ userId: string }> {
  const { email, password } = parse(ownedSchema.omit({ name: true }), params)
  const known = await knownPerson(email, password)
  if (known === null) await createOrganization({ name: 'Operator', owner: await newPerson(email, password) })
  // Somebody who has left every organisation could not sign in.
  else if ((await listMembershipsOf(known.id)).length === 0) await createOrganization({ name: 'Operator', owner: { id: known.id } })
  const operator = await markOperator(email)
  if (operator === null) throw new Error('The operator that was just made is gone.')
  return { userId: operator.id }
}

async function newPerson(email: string, password: string) {
  return { email, name: email.slice(0, email.indexOf('@')), passwordHash: await hashPassword(password) }
}

async function knownPerson(email: string, password: string): Promise<User | null> {
  const person = await findUserByEmail(email)
  if (person === null) return null
  if (await verifyPassword(await findPasswordHash(person.id), password)) return person
  throw new AppError('conflict', `There is an account ${email} already, and this is not its password.`, { param: 'email' })
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new AppError('invalid_request', issue?.message ?? 'The request is not valid.', { param: issue?.path.join('.') })
}
