import { expect, test } from 'vitest'
import { parseEnv } from '@/lib/contract/env'
import { appEnv, workerEnv } from './process-env'

const base = {
  NODE_ENV: 'test' as const,
  PATH: '/bin',
  DATABASE_URL: 'postgresql://owner:secret@localhost/parley',
  NEXTAUTH_SECRET: 'a secret of at least thirty-two characters',
  HF_TOKEN: 'hf_secret',
  SMTP_URL: 'smtp://parley:mail_secret@mail.example.com',
  GITHUB_SECRET: 'github_secret',
  GOOGLE_SECRET: 'google_secret',
  STRIPE_SECRET_KEY: 'stripe_secret',
  LD_LIBRARY_PATH: '/usr/local/lib',
}
const env = parseEnv(base)
const secrets = { ownerPassword: 'owner', nextAuthSecret: 'made at random', workerToken: 'token', demoPassword: 'demo', operatorPassword: 'operator', metricsToken: 'metrics' }
const urls = { ownerUrl: base.DATABASE_URL, appUrl: 'postgresql://parley_app@localhost/parley', operatorUrl: 'postgresql://parley_operator@localhost/parley' }
const binding = { installed: true, package: 'tensorflow', version: '2.21.0', gpu: true, libraryPath: '/cache/cuda' } as const

test('the worker sees no database and no secret of the app', () => {
  const seen = workerEnv({ base, env, dataFolder: '/data', port: 4000, token: 'token', binding })
  expect(JSON.stringify(seen)).not.toMatch(/postgresql|thirty-two|_secret/)
  expect(seen['PATH']).toBe('/bin')
})

test("NVIDIA's libraries come before those of the system", () => {
  expect(workerEnv({ base, env, dataFolder: '/data', port: 4000, token: 'token', binding })['LD_LIBRARY_PATH']).toBe('/cache/cuda:/usr/local/lib')
})

test('the worker learns why TensorFlow is not there', () => {
  const without = { installed: false, reason: 'pip is not installed', advice: '' } as const
  expect(workerEnv({ base, env, dataFolder: '/data', port: 4000, token: 'token', binding: without })['PARLEY_FALLBACK_REASON']).toBe('pip is not installed')
})

test("the app reaches the database in its roles, never by the owner's address", () => {
  const seen = appEnv({ base, env, dataFolder: '/data', port: 3000, urls, secrets, worker: { url: 'http://127.0.0.1:4000', token: 'token' } })
  expect(JSON.stringify(seen)).not.toContain('owner:secret')
  expect(seen).toMatchObject({ DATABASE_URL: '', DATABASE_APP_URL: urls.appUrl, DATABASE_OPERATOR_URL: urls.operatorUrl, NEXTAUTH_SECRET: base.NEXTAUTH_SECRET })
})

test('sign-in follows the host of the request only where no address is set', () => {
  const options = { env, dataFolder: '/data', port: 3000, urls, secrets, worker: { url: 'http://127.0.0.1:4000', token: null } }
  expect(appEnv({ base, ...options })).toMatchObject({ AUTH_TRUST_HOST: 'true' })
  const withAddress = appEnv({ base: { ...base, NEXTAUTH_URL: 'https://parley.example.com' }, ...options })
  expect(withAddress).toMatchObject({ NEXTAUTH_URL: 'https://parley.example.com' })
  expect(withAddress).not.toHaveProperty('AUTH_TRUST_HOST')
})
