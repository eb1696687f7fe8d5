import { randomUUID } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { beforeAll, expect, it } from 'vitest'
import { listAudit } from '../db/audit'
import { findTotp } from '../db/second-factors'
import { createSession, findSession } from '../db/sessions'
import { useDatabase } from '../db/testing/database'
import { COMMAND_LINE } from '../services/operator'
import { resetSecondFactor } from '../services/operator-sign-in'
import { beginSecondFactor, confirmSecondFactor, newCodes, removeSecondFactor } from '../services/second-factor'
import { signUpPerson } from './accounts'
import { takeSecondFactorCode } from './second-factor'
import { LOCK_OUT, verifyCredentials } from './sign-in'

useDatabase()

const PASSWORD = 'a good password'
const ORIGIN = { ip: '192.0.2.7', userAgent: 'Browser' }

beforeAll(() => {
  process.env['NEXTAUTH_SECRET'] = 'a secret of the tests'
})

/** The code that an app shows so many steps from now. */
function codeAt(secret: string, steps = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 })
}

async function enrolled() {
  const email = `${randomUUID()}@example.com`
  const { userId, orgId } = await signUpPerson({ email, name: 'Ada', password: PASSWORD, orgName: 'Org' })
  const [here, elsewhere] = await Promise.all([1, 2].map(() => createSession(userId, { orgId, userAgent: null, ttlSeconds: 60 })))
  const session = await findSession(here ?? '')
  if (session === null) throw new Error('There is no session.')
  const actor = { ...session, origin: ORIGIN }
  const { secret } = await beginSecondFactor(actor, { password: PASSWORD })
  const codes = await confirmSecondFactor(actor, codeAt(secret, -1))
  return { email, userId, orgId, actor, secret, codes, elsewhere: elsewhere ?? '' }
}

it('is set up with the password and a right code alone, and ends every other session', async () => {
  const email = `${randomUUID()}@example.com`
  const { userId, orgId } = await signUpPerson({ email, name: 'Ada', password: PASSWORD, orgName: 'Org' })
  const session = await findSession(await createSession(userId, { orgId, userAgent: null, ttlSeconds: 60 }))
  if (session === null) throw new Error('There is no session.')
  const actor = { ...session, origin: ORIGIN }
  await expect(beginSecondFactor(actor, { password: 'not the password' })).rejects.toMatchObject({ code: 'invalid_request', param: 'password' })
  const { secret } = await beginSecondFactor(actor, { password: PASSWORD })
  expect((await findTotp(userId))?.secret).not.toContain(secret)
  await expect(confirmSecondFactor(actor, '000000')).rejects.toMatchObject({ code: 'invalid_request', param: 'code' })
  expect(await verifyCredentials(email, PASSWORD), 'nothing is asked for before').toMatchObject({ secondFactor: false })

  const ada = await enrolled()
  expect(new Set(ada.codes).size).toBe(10)
  expect(await findSession(ada.elsewhere)).toBeNull()
  expect(await findSession(ada.actor.sessionId)).toMatchObject({ secondFactor: true })
  await expect(beginSecondFactor(ada.actor, { password: PASSWORD, code: codeAt(ada.secret) })).rejects.toMatchObject({ code: 'conflict' })
})

it('is asked for at sign-in, and each code is taken once', async () => {
  const { email, secret, userId } = await enrolled()
  await expect(verifyCredentials(email, PASSWORD)).rejects.toMatchObject({ code: 'second_factor_required' })
  expect(await verifyCredentials(email, 'wrong', { code: codeAt(secret) }), 'a code is no password').toBeNull()
  const code = codeAt(secret)
  expect(await verifyCredentials(email, PASSWORD, { code })).toMatchObject({ userId, secondFactor: true })
  expect(await verifyCredentials(email, PASSWORD, { code }), 'used').toBeNull()
  expect(await verifyCredentials(email, PASSWORD, { code: codeAt(secret, -1) }), 'older than the one used').toBeNull()
  const next = codeAt(secret, 1)
  const both = await Promise.all([takeSecondFactorCode(userId, next), takeSecondFactorCode(userId, next)])
  expect(both.filter((kind) => kind === 'totp'), 'at the same moment').toHaveLength(1)
})

it('a recovery code opens once, and new ones end the old', async () => {
  const { email, codes, actor, secret, orgId } = await enrolled()
  const [first = '', second = ''] = codes
  expect(await verifyCredentials(email, PASSWORD, { code: first.toLowerCase() })).not.toBeNull()
  expect(await verifyCredentials(email, PASSWORD, { code: first })).toBeNull()
  const fresh = await newCodes(actor, { password: PASSWORD, code: codeAt(secret) })
  expect(await verifyCredentials(email, PASSWORD, { code: second })).toBeNull()
  expect(await verifyCredentials(email, PASSWORD, { code: fresh[0] ?? '' })).not.toBeNull()
  const actions = (await listAudit(orgId, { limit: 50 })).map(({ action }) => action)
  for (const action of ['totp.enabled', 'recovery_code.used', 'recovery_codes.replaced', 'sign_in.failed']) expect(actions).toContain(action)
})

it('wrong codes lock the address as wrong passwords do, and the right password does not start the count anew', async () => {
  const { email, secret, orgId } = await enrolled()
  for (let time = 0; time < LOCK_OUT.attempts; time += 1) {
    await expect(verifyCredentials(email, PASSWORD)).rejects.toMatchObject({ code: 'second_factor_required' })
    expect(await verifyCredentials(email, PASSWORD, { code: '123456' })).toBeNull()
  }
  await expect(verifyCredentials(email, PASSWORD, { code: codeAt(secret) })).rejects.toMatchObject({ code: 'account_locked' })
  const locks = await listAudit(orgId, { action: 'sign_in.locked', limit: 5 })
  expect(locks).toMatchObject([{ target: email, details: { wrong: 'code' } }])
})

it('ends with the password and a code, and what it had opened is open no more', async () => {
  const { email, secret, actor } = await enrolled()
  await expect(removeSecondFactor(actor, { password: PASSWORD })).rejects.toMatchObject({ param: 'code' })
  await expect(removeSecondFactor(actor, { password: 'wrong', code: codeAt(secret) })).rejects.toMatchObject({ param: 'password' })
  await removeSecondFactor(actor, { password: PASSWORD, code: codeAt(secret) })
  expect(await findSession(actor.sessionId)).toMatchObject({ secondFactor: false })
  expect(await verifyCredentials(email, PASSWORD)).toMatchObject({ secondFactor: false })
})

it('is taken off by the operator for whoever has lost everything', async () => {
  const { email, orgId } = await enrolled()
  await resetSecondFactor(COMMAND_LINE, email)
  expect(await verifyCredentials(email, PASSWORD)).toMatchObject({ secondFactor: false })
  await expect(resetSecondFactor(COMMAND_LINE, email)).rejects.toMatchObject({ code: 'not_found' })
  expect(await listAudit(orgId, { action: 'totp.disabled', limit: 1 })).toMatchObject([{ details: { by_operator: true }, userAgent: 'the command line' }])
})

it('cannot be touched in somebody’s place, nor through an organisation’s issuer', async () => {
  const { actor, secret } = await enrolled()
  const confirmation = { password: PASSWORD, code: codeAt(secret) }
  for (const foreign of [{ ...actor, impersonatedBy: randomUUID() }, { ...actor, identityProviderId: randomUUID() }]) {
    await expect(removeSecondFactor(foreign, confirmation)).rejects.toMatchObject({ code: 'insufficient_permissions' })
  }
})
