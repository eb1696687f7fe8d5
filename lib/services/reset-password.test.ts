import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashPassword } from '@/lib/auth/passwords'
import { LOCK_OUT, verifyCredentials } from '@/lib/auth/sign-in'
import { listAudit } from '@/lib/db/audit'
import { createSession, findSession } from '@/lib/db/sessions'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant, withConnection } from '@/lib/db/testing/tenant'
import { setPasswordHash } from '@/lib/db/users'
import { useMailCatcher } from '@/lib/mail/testing/mail-catcher'
import { mailPasswordReset, openPasswordReset, readPasswordReset, resetPassword } from './reset-password'

const database = useDatabase()
const catcher = useMailCatcher()

const origin = { ip: '192.0.2.1', userAgent: 'Browser' }
const tokenIn = (text: string): string => /\/reset-password\/([\w-]{43})\b/u.exec(text)?.[1] ?? ''

async function person(): Promise<{ orgId: string; userId: string; email: string }> {
  const made = await makeTenant()
  await setPasswordHash(made.userId, await hashPassword('the old password'))
  return made
}

describe('a forgotten password', () => {
  it('is replaced once by the link of a mail, and every session ends', async () => {
    const { orgId, userId, email } = await person()
    const sessions = await Promise.all([1, 2].map(() => createSession(userId, { orgId, userAgent: null, ttlSeconds: 60 })))
    await mailPasswordReset(email.toUpperCase(), origin)
    const token = tokenIn((await catcher.waitFor(email)).text)
    expect(await readPasswordReset(token)).toEqual({ email })

    const outcomes = await Promise.allSettled(['first new', 'second new'].map((password) => resetPassword(token, password, origin)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'not_found' } })
    const chosen = outcomes[0]?.status === 'fulfilled' ? 'first new' : 'second new'
    expect(await verifyCredentials(email, 'the old password')).toBeNull()
    expect(await verifyCredentials(email, chosen)).toMatchObject({ userId })
    for (const id of sessions) expect(await findSession(id)).toBeNull()
    expect(await readPasswordReset(token)).toBeNull()
    expect((await listAudit(orgId, { action: 'password', limit: 9 })).map(({ action }) => action)).toEqual(['password.reset', 'password.reset_requested'])
  })

  it('opens an address that wrong passwords have locked', async () => {
    const { email, userId } = await person()
    for (let attempt = 0; attempt < LOCK_OUT.attempts; attempt += 1) await verifyCredentials(email, 'wrong')
    await expect(verifyCredentials(email, 'the old password')).rejects.toMatchObject({ code: 'account_locked' })
    const { path } = await openPasswordReset(email)
    await resetPassword(tokenIn(path), 'the new password', origin)
    expect(await verifyCredentials(email, 'the new password')).toMatchObject({ userId })
  })

  it('is nothing of an unknown address, and a mailbox gets at most three links', async () => {
    await mailPasswordReset('nobody@example.com', origin)
    const { email } = await person()
    await Promise.all(Array.from({ length: 6 }, () => mailPasswordReset(email, origin)))
    expect(catcher.mails().filter(({ to }) => to.includes('nobody@example.com'))).toEqual([])
    expect(catcher.mails().filter(({ to }) => to.includes(email))).toHaveLength(3)
    await expect(openPasswordReset('nobody@example.com')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is not replaced by a link that is too old, of another or made up', async () => {
    const { email, userId } = await person()
    const { path } = await openPasswordReset(email)
    await withConnection(database.ownerUrl, (client) => client.query("UPDATE password_resets SET expires_at = now() - interval '1 second' WHERE user_id = $1", [userId]))
    for (const token of [tokenIn(path), '', 'nonsense', randomUUID()]) {
      expect(await readPasswordReset(token)).toBeNull()
      await expect(resetPassword(token, 'the new password', origin)).rejects.toMatchObject({ code: 'not_found' })
    }
    expect(await verifyCredentials(email, 'the old password')).toMatchObject({ userId })
  })
})
