import { appClient } from './client'
import { withOperator, withUser } from './tenant'
import { storableText } from './storable-text'

export interface User {
  id: string
  /** Lower case. */
  email: string
  name: string
  isOperator: boolean
  createdAt: Date
}

/** By e-mail in any case; as the operator. */
export async function findUserByEmail(email: string): Promise<User | null> {
  return withOperator((tx) => tx.user.findUnique({ where: { email: storableText(email).toLowerCase() } }))
}

/** The hash that a password is verified against; as the operator, for its own commands. */
export async function findPasswordHash(userId: string): Promise<string | null> {
  const row = await withOperator((tx) => tx.user.findUnique({ where: { id: userId }, select: { passwordHash: true } }))
  return row?.passwordHash ?? null
}

/** What the person signs in with and is called, and whether there is a password; as the person. Null where there is none such. */
export async function findOwnAccount(userId: string): Promise<{ email: string; name: string; hasPassword: boolean } | null> {
  return withUser(userId, async (tx) => {
    const person = await tx.user.findUnique({ where: { id: userId }, select: { email: true, name: true } })
    const rows = await tx.$queryRaw<{ has: boolean | null }[]>`SELECT has_password(${userId}::uuid) AS has`
    return person && { ...person, hasPassword: rows[0]?.has === true }
  })
}

/** False where there is no such person. */
export async function setUserName(userId: string, name: string): Promise<boolean> {
  const { count } = await withUser(userId, (tx) => tx.user.updateMany({ where: { id: userId }, data: { name: storableText(name) } }))
  return count === 1
}

/** False where there is no such person. */
export async function setPasswordHash(userId: string, passwordHash: string): Promise<boolean> {
  const { count } = await withUser(userId, (tx) => tx.user.updateMany({ where: { id: userId }, data: { passwordHash } }))
  return count === 1
}

/** Whether the person has shown that the address is the own. */
export async function isEmailVerified(userId: string): Promise<boolean> {
  const row = await withUser(userId, (tx) => tx.user.findUnique({ where: { id: userId }, select: { emailVerifiedAt: true } }))
  return row !== null && row.emailVerifiedAt !== null
}

/** After a mail to this very address was answered. False where it is not the person's any more. */
export async function markEmailVerified(userId: string, email: string): Promise<boolean> {
  const [row] = await appClient().$queryRaw<{ verified: boolean }[]>`SELECT verify_email(${userId}::uuid, ${storableText(email)}) AS verified`
  return row?.verified === true
}

/** Makes the person an operator of the installation; null where the e-mail is unknown. */
export async function markOperator(email: string): Promise<User | null> {
  return withOperator(async (tx) => {
    const user = await tx.user.findUnique({ where: { email: email.toLowerCase() } })
    return user && tx.user.update({ where: { id: user.id }, data: { isOperator: true } })
  })
}
