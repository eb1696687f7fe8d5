import { expect, it } from 'vitest'
import { sealSecret } from '@/lib/auth/secret-box'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant } from '@/lib/db/testing/tenant'
import { isEmailVerified } from '@/lib/db/users'
import { useMailCatcher } from '@/lib/mail/testing/mail-catcher'
import { mailVerification, readVerification, verifyEmail } from './verify-email'

useDatabase()
const catcher = useMailCatcher()
process.env['NEXTAUTH_SECRET'] = 'a secret of the test, long enough'

const origin = { ip: null, userAgent: null }

it('confirms the address by the link of a mail, for the person of the account alone, and for two days', async () => {
  const [mine, theirs] = [await makeTenant(), await makeTenant()]
  await mailVerification({ ...mine, name: 'Ada' })
  const token = /\/verify-email\/(\S+)/u.exec((await catcher.waitFor(mine.email)).text)?.[1] ?? ''
  expect(readVerification(token)).toEqual({ userId: mine.userId, email: mine.email })
  expect(readVerification(token, Date.now() + 49 * 60 * 60 * 1000)).toBeNull()
  await expect(verifyEmail(token, theirs, origin)).rejects.toMatchObject({ code: 'not_found' })
  expect(await isEmailVerified(mine.userId)).toBe(false)
  await verifyEmail(token, mine, origin)
  expect([await isEmailVerified(mine.userId), await isEmailVerified(theirs.userId)]).toEqual([true, false])
})

it('takes nothing that was altered, made up, or sealed for something else', async () => {
  const person = await makeTenant()
  const other = sealSecret(JSON.stringify({ purpose: 'another', ...person, until: Date.now() + 1000 }))
  for (const token of ['', 'nonsense', other, sealSecret('no JSON'), `${other}A`]) {
    expect(readVerification(token)).toBeNull()
    await expect(verifyEmail(token, person, origin)).rejects.toMatchObject({ code: 'not_found' })
  }
})
