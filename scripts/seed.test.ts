import { expect, it } from 'vitest'
import { verifyCredentials } from '@/lib/auth/sign-in'
import { listOrganizations } from '@/lib/db/organizations'
import { useDatabase } from '@/lib/db/testing/database'
import { findUserByEmail } from '@/lib/db/users'
import { seedDemo } from './seed'

useDatabase()

it('seeding again leaves the same accounts, and the printed passwords always work', async () => {
  const first = await seedDemo({ demoPassword: 'demo password', operatorPassword: 'operator password' })
  const organizations = await listOrganizations()
  await seedDemo({ demoPassword: 'another demo password', operatorPassword: 'operator password' })
  expect(await listOrganizations()).toEqual(organizations)
  expect(await verifyCredentials(first.demoEmail, 'another demo password')).not.toBeNull()
  expect(await verifyCredentials(first.demoEmail, 'demo password')).toBeNull()
  expect(await verifyCredentials(first.operatorEmail, 'operator password')).not.toBeNull()
  expect(await findUserByEmail(first.operatorEmail)).toMatchObject({ isOperator: true })
  expect(await findUserByEmail(first.demoEmail)).toMatchObject({ isOperator: false })
})
