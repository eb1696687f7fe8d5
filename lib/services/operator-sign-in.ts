import { randomBytes } from 'node:crypto'
import { AppError } from '@/lib/contract/errors'
import { ssoDomainBody } from '@/lib/contract/sign-in'
import { recordPersonAudit } from '@/lib/db/audit'
import { confirmSsoDomainAsOperator } from '@/lib/db/identity-providers'
import { removeTotpAsOperator } from '@/lib/db/second-factors'
import { findTenant } from '@/lib/db/tenants'
import { findUserByEmail } from '@/lib/db/users'
import { recordByOperator, type Operator } from './operator'

/** Takes the second factor off somebody who has lost the device and the recovery codes. AppError `not_found`. */
export async function resetSecondFactor(operator: Operator, email: string): Promise<void> {
  const person = await findUserByEmail(email)
  if (person === null) throw new AppError('not_found', `There is no account ${email}.`)
  if (!(await removeTotpAsOperator(person.id))) throw new AppError('not_found', `${email} has no second factor.`)
  const { ip, userAgent } = operator
  await recordPersonAudit(person.id, { action: 'totp.disabled', target: person.email, details: { by_operator: true }, ip, userAgent })
}

/** For an operator who knows whose the domain is. AppError `not_found`, `invalid_request`, `conflict` where another organisation has proved it. */
export async function confirmDomain(operator: Operator, orgId: string, entered: string): Promise<{ domain: string }> {
  const parsed = ssoDomainBody.safeParse({ domain: entered })
  if (!parsed.success) throw new AppError('invalid_request', `${entered} is no domain.`, { param: 'domain' })
  const { domain } = parsed.data
  if ((await findTenant(orgId)) === null) throw new AppError('not_found', 'There is no such organisation.')
  await confirmSsoDomainAsOperator(orgId, domain, randomBytes(16).toString('hex'))
  await recordByOperator(operator, orgId, 'sso.domain_confirmed', domain, { by: 'operator' })
  return { domain }
}
