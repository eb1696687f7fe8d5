import { createOperator, createOrganizationWithOwner } from '@/lib/auth/accounts'
import { hashPassword, verifyPassword } from '@/lib/auth/passwords'
import { findPasswordHash, findUserByEmail, setPasswordHash } from '@/lib/db/users'

export const DEMO_EMAIL = 'demo@parley.local'
export const OPERATOR_EMAIL = 'operator@parley.local'

/**
 * The demo tenant with its owner, and an operator, through DATABASE_APP_URL and
 * DATABASE_OPERATOR_URL. Any number of runs leave the same; a password that differs is set anew,
 * so that what is printed always works.
 */
export async function seedDemo(passwords: {
  demoPassword: string
  operatorPassword: string
}): Promise<{ demoEmail: string; operatorEmail: string }> {
  const { demoPassword, operatorPassword } = passwords
  if (!(await keepPassword(DEMO_EMAIL, demoPassword))) {
    await createOrganizationWithOwner({ name: 'Demo', email: DEMO_EMAIL, password: demoPassword, plan: 'pro' })
  }
  await keepPassword(OPERATOR_EMAIL, operatorPassword)
  await createOperator({ email: OPERATOR_EMAIL, password: operatorPassword })
  return { demoEmail: DEMO_EMAIL, operatorEmail: OPERATOR_EMAIL }
}

/** False where there is no such account. */
async function keepPassword(email: string, password: string): Promise<boolean> {
  const user = await findUserByEmail(email)
  if (user === null) return false
  if (!(await verifyPassword(await findPasswordHash(user.id), password))) await setPasswordHash(user.id, await hashPassword(password))
  return true
}
