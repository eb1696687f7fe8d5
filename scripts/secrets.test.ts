import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadSecrets } from './secrets'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parley-secrets-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('secrets are made once, differ from each other, and only their owner may read them', async () => {
  const first = await loadSecrets(folder)
  expect(await loadSecrets(folder)).toEqual(first)
  expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length)
  expect((await stat(path.join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600)
})

test('a file from before a secret was introduced keeps what it has and gains the new one', async () => {
  await writeFile(path.join(folder, 'secrets.json'), JSON.stringify({ ownerPassword: 'the password of old times' }))
  const secrets = await loadSecrets(folder)
  expect(secrets.ownerPassword).toBe('the password of old times')
  expect(await loadSecrets(folder)).toEqual(secrets)
})

test('a damaged file is an error and stays as it is', async () => {
  await writeFile(path.join(folder, 'secrets.json'), '{"ownerPassword": ')
  await expect(loadSecrets(folder)).rejects.toThrow('is damaged')
  await expect(loadSecrets(folder)).rejects.toThrow('is damaged')
})
