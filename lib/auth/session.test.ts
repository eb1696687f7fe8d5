import { randomUUID } from 'node:crypto'
import { encode } from 'next-auth/jwt'
import { beforeAll, expect, it } from 'vitest'
import { useDatabase } from '../db/testing/database'
import { signUpPerson } from './accounts'
import { authOptions } from './auth-options'
import { sessionOfToken } from './session'
import { LOCK_OUT } from './sign-in'

useDatabase()

const SECRET = 'a secret of the tests'
const PASSWORD = 'a good password'

beforeAll(() => {
  process.env['NEXTAUTH_SECRET'] = SECRET
})

async function person() {
  const email = `${randomUUID()}@example.com`
  return { email, ...(await signUpPerson({ email, name: 'Ada', password: PASSWORD, orgName: 'Org' })) }
}

/** Signs in as NextAuth does, with the provider and the callbacks of the options; the session cookie's value. */
async function signIn(email: string, password: string): Promise<string | null> {
  const { providers, callbacks } = authOptions()
  const provider = providers[0]
  if (provider?.type !== 'credentials' || callbacks?.jwt === undefined) throw new Error('There is no credentials provider.')
  const user = await provider.authorize({ email, password }, {})
  if (user === null) return null
  const token = await callbacks.jwt({ token: { name: 'x', email: 'x' }, user, account: null })
  expect(Object.keys(token)).toEqual(['sid'])
  return encode({ token, secret: SECRET })
}

it('signing in gives a cookie that stands for the person, and signing out ends it', async () => {
  const { email, userId, orgId } = await person()
  const cookie = (await signIn(email, PASSWORD)) ?? ''
  const session = await sessionOfToken(cookie, SECRET)
  expect(session).toMatchObject({ userId, orgId, email, name: 'Ada', orgName: 'Org', role: 'owner', plan: 'free', secondFactor: false, impersonatedBy: null })
  await authOptions().events?.signOut?.({ token: { sid: session?.sessionId }, session: { expires: '' } })
  expect(await sessionOfToken(cookie, SECRET)).toBeNull()
})

it('a cookie that is forged, made with another secret or names no session is nobody’s', async () => {
  const { email } = await person()
  const cookie = (await signIn(email, PASSWORD)) ?? ''
  expect(await sessionOfToken(cookie, 'another secret')).toBeNull()
  expect(await sessionOfToken('nonsense', SECRET)).toBeNull()
  for (const token of [{}, { sid: randomUUID() }, { sid: 7 }]) {
    expect(await sessionOfToken(await encode({ token, secret: SECRET }), SECRET)).toBeNull()
  }
})

it('a wrong password signs nobody in, and a locked address says so by its code and the seconds left alone', async () => {
  const { email } = await person()
  for (let time = 0; time < LOCK_OUT.attempts; time += 1) expect(await signIn(email, 'wrong password')).toBeNull()
  await expect(signIn(email, PASSWORD)).rejects.toThrow(/^account_locked:(?:900|89\d)$/)
  expect(await signIn('', '')).toBeNull()
})

it('cookies are secure exactly where the address is https', () => {
  process.env['NEXTAUTH_URL'] = 'https://parley.example.com'
  expect(authOptions().useSecureCookies).toBe(true)
  delete process.env['NEXTAUTH_URL']
  expect(authOptions().useSecureCookies).toBe(false)
})
