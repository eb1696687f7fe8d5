import { readdir, rm, stat, truncate } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BUNDLED, contentsOf, copyOf, digestsOf, fixture, removeFoldersAtEnd, temporaryFolder } from '@/lib/checkpoints/testing/folders'
import { startHubServer } from '@/lib/checkpoints/testing/hub-server'
import type { HubServer } from '@/lib/checkpoints/testing/hub-server'
import { COMMAND_TIMEOUT_MS, useParley } from './testing/run-parley'

const parley = useParley()
removeFoldersAtEnd()

let hub: HubServer
beforeAll(async () => {
  hub = await startHubServer()
})
afterAll(() => hub.close())

test('a folder that is imported is listed, and comes out again byte for byte', async () => {
  const imported = await parley.run(['model', 'import', fixture('a-plain'), '--json'])
  expect(imported).toMatchObject({ code: 0, json: { name: 'a-plain', tokenizer: true, vocabulary: 512 } })
  const listed = await parley.run(['model', 'list', '--json'])
  expect(listed.json).toMatchObject({ default: 'parley-mini-0', models: [{ name: 'a-plain' }, { name: 'parley-mini-0', directions: ['en-fr', 'fr-en'] }], problems: [] })

  const out = path.join(await temporaryFolder(), 'out')
  const exported = await parley.run(['model', 'export', 'parley-mini-0', out, '--json'])
  expect(exported).toMatchObject({ code: 0, json: { name: 'parley-mini-0', dir: out } })
  expect(await digestsOf(out)).toEqual(await digestsOf(BUNDLED))
}, COMMAND_TIMEOUT_MS)

test('a corrupt folder is refused in the error envelope, with nothing left behind', async () => {
  const before = await readdir(parley.dataDir, { recursive: true })
  const dir = await copyOf(fixture('a-plain'), path.join(await temporaryFolder(), 'cut'))
  await truncate(path.join(dir, 'model.safetensors'), 100_000)
  const result = await parley.run(['--json', 'model', 'import', dir])
  expect(result).toMatchObject({ code: 1, json: { error: { code: 'invalid_request', message: expect.stringMatching(/model\.safetensors.*cut off/) as unknown } } })
  expect(await readdir(parley.dataDir, { recursive: true })).toEqual(before)
}, COMMAND_TIMEOUT_MS)

test('without --json an error stands on stderr and stdout stays empty', async () => {
  const result = await parley.run(['model', 'export', 'nobody', '/nowhere'])
  expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/There is no model "nobody"/) as unknown })
}, COMMAND_TIMEOUT_MS)

test('a pull that was killed in mid-file goes on by ranges', async () => {
  const files = await contentsOf(fixture('a-plain'))
  hub.repositories.set('acme/gpt2', { commit: 'd'.repeat(40), files })
  const env = { HF_ENDPOINT: hub.endpoint, NO_PROXY: '127.0.0.1' }
  const staging = path.join(parley.dataDir, 'models/.pulling/acme--gpt2')
  // The weights' answer stops after 200,000 bytes and stays open, as on a line that died.
  hub.failures.push(...Array.from({ length: 4 }, () => ({ kind: 'ignore-range' }) as const), { kind: 'stall', afterBytes: 200_000 })
  const partialSize = async () => {
    const name = (await readdir(staging).catch((): string[] => [])).find((entry) => entry.startsWith('model.safetensors.'))
    return name === undefined ? 0 : (await stat(path.join(staging, name))).size
  }
  const killed = await parley.run(['model', 'pull', 'acme/gpt2'], {
    env,
    kill: async () => {
      while ((await partialSize()) < 200_000) await sleep(20)
    },
  })
  expect(killed.code).toBeNull()
  expect(await partialSize()).toBe(200_000)

  hub.seen.length = 0
  const pulled = await parley.run(['model', 'pull', 'acme/gpt2', '--json'], { env })
  expect(pulled).toMatchObject({ code: 0, json: { repo: 'acme/gpt2', name: 'acme/gpt2', commit: 'd'.repeat(40), downloaded: true } })
  expect(pulled.stderr).toMatch(/Pulling acme\/gpt2/)
  expect(hub.seen.filter((request) => request.origin === 'cdn').map((request) => request.range)).toEqual(['bytes=200000-'])
  const { 'expected.json': notNeeded, ...wanted } = await digestsOf(fixture('a-plain'))
  expect(notNeeded).toBeDefined()
  expect(await digestsOf(path.join(parley.dataDir, 'models/acme/gpt2'))).toEqual(wanted)
  await rm(path.join(parley.dataDir, 'models/acme'), { recursive: true })
}, COMMAND_TIMEOUT_MS)

test('an address of a hub that is none is named', async () => {
  const result = await parley.run(['model', 'pull', 'acme/gpt2', '--json'], { env: { HF_ENDPOINT: 'not an address' } })
  expect(result).toMatchObject({ code: 1, json: { error: { code: 'invalid_request', message: expect.stringMatching(/HF_ENDPOINT/) as unknown } } })
}, COMMAND_TIMEOUT_MS)
