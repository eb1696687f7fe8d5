import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { useDatabase } from '../db/testing/database'
import { withConnection } from '../db/testing/tenant'
import { createOperator, createOrganizationWithOwner, signUpPerson } from './accounts'
import { LOCK_OUT, verifyCredentials } from './sign-in'

const database = useDatabase()

const PASSWORD = 'a good password'

async function person() {
  const email = `${randomUUID()}@example.com`
  return { email, ...(await signUpPerson({ email, name: 'A', password: PASSWORD, orgName: 'Org' })) }
}

async function fail(email: string, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) expect(await verifyCredentials(email, 'wrong')).toBeNull()
}

it('the right password signs in, with the e-mail in any case', async () => {
  const { email, userId, orgId } = await person()
  expect(await verifyCredentials(` ${email.toUpperCase()} `, PASSWORD)).toEqual({ email, userId, orgId, name: 'A', secondFactor: false })
})

it('repeated failures lock the address, also for the right password, until the time has passed', async () => {
  const { email } = await person()
  await fail(email, LOCK_OUT.attempts)
  await expect(verifyCredentials(email, PASSWORD)).rejects.toMatchObject({ code: 'account_locked', retryAfter: expect.any(Number) as unknown })
  await withConnection(database.ownerUrl, (client) => client.query(`UPDATE sign_in_attempts SET locked_until = now() - interval '1 second'`))
  expect(await verifyCredentials(email, PASSWORD)).not.toBeNull()
})

it('an unknown address locks like a known one, so that neither tells whether there is an account', async () => {
  const unknown = `${randomUUID()}@example.com`
  await fail(unknown, LOCK_OUT.attempts)
  await expect(verifyCredentials(unknown, PASSWORD)).rejects.toMatchObject({ code: 'account_locked' })
})

it('a success in between starts the count anew', async () => {
  const { email } = await person()
  await fail(email, LOCK_OUT.attempts - 1)
  expect(await verifyCredentials(email, PASSWORD)).not.toBeNull()
  await fail(email, LOCK_OUT.attempts - 1)
  expect(await verifyCredentials(email, PASSWORD)).not.toBeNull()
})

it('guesses sent at once do not pass the limit together', async () => {
  const { email } = await person()
  const guesses = Array.from({ length: LOCK_OUT.attempts + 8 }, () => verifyCredentials(email, 'wrong').then(() => 'tried', () => 'locked'))
  const outcomes = await Promise.all(guesses)
  expect(outcomes.filter((outcome) => outcome === 'tried')).toHaveLength(LOCK_OUT.attempts)
})

it('sign-up names the field at fault', async () => {
  const good = { email: 'a@example.com', name: 'A', password: PASSWORD, orgName: 'Org' }
  for (const [field, value] of [['email', 'nobody'], ['name', ' '], ['password', 'short'], ['orgName', 'x'.repeat(121)]] as const) {
    await expect(signUpPerson({ ...good, [field]: value })).rejects.toMatchObject({ code: 'invalid_request', param: field })
  }
})

it('a known person owns another organisation with the own password alone', async () => {
  const { email, userId } = await person()
  await expect(createOrganizationWithOwner({ name: 'Second', email, password: 'not the password' })).rejects.toMatchObject({ code: 'conflict' })
  const second = await createOrganizationWithOwner({ name: 'Second', email, password: PASSWORD, plan: 'pro', tokenQuota: 9 })
  expect(second.userId).toBe(userId)
})

it('an operator signs in with an organisation of its own, and making it again changes nothing', async () => {
  const operator = { email: `${randomUUID()}@example.com`, password: PASSWORD }
  const { userId } = await createOperator(operator)
  expect(await createOperator(operator)).toEqual({ userId })
  expect(await verifyCredentials(operator.email, PASSWORD)).toMatchObject({ userId })
})
