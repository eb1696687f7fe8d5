import { expect, test } from 'vitest'
import { describeFailure } from '../setup-error'
import { checkDatabase, connectionFailure } from './check-database'

const URL_WITH_PASSWORD = 'postgresql://owner:hidden-password@db.example.com:5432/parley'

test.each([
  ['28P01', 'refuses the user owner'],
  ['3D000', 'no database "parley" at db.example.com:5432'],
  ['ENOTFOUND', 'host db.example.com is not known'],
  ['ECONNREFUSED', 'cannot be reached'],
])('code %s is told apart, with what to do, and never shows the password', (code, expected) => {
  const shown = describeFailure(connectionFailure(Object.assign(new Error('refused'), { code }), URL_WITH_PASSWORD))
  expect(shown).toContain(expected)
  expect(shown).toContain('What to do: ')
  expect(shown).not.toContain('hidden-password')
})

test('an address that is not one of PostgreSQL is told before anything connects', async () => {
  await expect(checkDatabase('mysql://root@localhost/parley')).rejects.toThrow('DATABASE_URL is not a PostgreSQL address')
  await expect(checkDatabase('localhost')).rejects.toThrow('DATABASE_URL is not a PostgreSQL address')
})

test('a server that does not listen is told with host and port', async () => {
  await expect(checkDatabase('postgresql://owner:x@127.0.0.1:1/parley')).rejects.toThrow('The database at 127.0.0.1:1/parley cannot be reached')
})
