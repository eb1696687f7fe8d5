import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Agent } from 'undici'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HubClient } from '@/lib/checkpoints/hub-client'
import { pullCheckpoint } from '@/lib/checkpoints/pull-checkpoint'
import type { PullOptions, PullProgress } from '@/lib/checkpoints/pull-checkpoint'
import { CheckpointRegistry } from '@/lib/checkpoints/registry'
import { BUNDLED_DIR, contentsOf, digestsOf, everythingUnder, fixture, removeFoldersAtEnd, temporaryFolder } from '@/lib/checkpoints/testing/folders'
import { startHubServer } from '@/lib/checkpoints/testing/hub-server'
import type { HubServer } from '@/lib/checkpoints/testing/hub-server'

removeFoldersAtEnd()

const REPO = 'openai-community/gpt2'
const TOKEN = 'hf_secret'
let hub: HubServer
let files: Map<string, Buffer>

beforeAll(async () => {
  hub = await startHubServer()
})
afterAll(() => hub.close())

beforeEach(async () => {
  hub.seen.length = 0
  hub.failures.length = 0
  hub.keepsTree = true
  hub.repositories.clear()
  files = await contentsOf(fixture('a-plain'))
  files.delete('expected.json')
  const unwanted = ['pytorch_model.bin', 'rust_model.ot', 'onnx/config.json', 'vocab.json', '.gitattributes']
  for (const name of unwanted) files.set(name, Buffer.from('not needed'))
  hub.repositories.set(REPO, { commit: 'c0ffee00'.repeat(5), files })
})

async function puller(options: { endpoint?: string; token?: string } = {}) {
  const dataDir = await temporaryFolder()
  const progress: PullProgress[] = []
  const client = new HubClient({
    endpoint: options.endpoint ?? hub.endpoint,
    token: options.token ?? null,
    retry: { attempts: 3, delay: () => 1 },
    dispatcher: new Agent({ bodyTimeout: 2000 }),
  })
  const pull = (more: Partial<PullOptions> = {}) =>
    pullCheckpoint({ dataDir, bundledDir: BUNDLED_DIR, hub: client, repo: REPO, revision: null, force: false, onProgress: (at) => progress.push(at), ...more })
  const registry = new CheckpointRegistry({ dataDir, bundledDir: BUNDLED_DIR, defaultModel: 'parley-mini-0' })
  return { dataDir, pull, progress, registry, target: path.join(dataDir, 'models', REPO), staging: path.join(dataDir, 'models/.pulling/openai-community--gpt2') }
}

const NEEDED = ['config.json', 'generation_config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']
const cdnRequests = () => hub.seen.filter((request) => request.origin === 'cdn')

test('a repository is pulled through redirects, only the files that are needed, and served at once', async () => {
  const { pull, registry, target, dataDir, progress } = await puller()
  const pulled = await pull()
  expect(pulled).toMatchObject({ downloaded: true, commit: 'c0ffee00'.repeat(5), checkpoint: { name: REPO, hasTokenizer: true } })
  expect(await digestsOf(target)).toEqual(await neededDigests())
  expect((await registry.list()).map((checkpoint) => checkpoint.name)).toContain(REPO)
  const fetched = hub.seen.flatMap((request) => /\/resolve\/[^/]+\/(.+)$/.exec(request.path)?.[1] ?? [])
  expect(fetched.sort()).toEqual(NEEDED)
  expect((await everythingUnder(path.join(dataDir, 'models', '.pulling'))).filter(Boolean)).toEqual([])
  const total = NEEDED.reduce((sum, name) => sum + (files.get(name)?.length ?? 0), 0)
  expect(progress.at(-1)).toEqual({ received: total, total, resumed: 0 })
})

async function neededDigests(): Promise<Record<string, string>> {
  return Object.fromEntries(Object.entries(await digestsOf(fixture('a-plain'))).filter(([name]) => NEEDED.includes(name)))
}

test('shards come as the index names them', async () => {
  files = await contentsOf(fixture('f-sharded'))
  files.set('stray.safetensors', Buffer.from('not in the index'))
  hub.repositories.set(REPO, { commit: 'a'.repeat(40), files })
  const { pull, target } = await puller()
  expect((await pull()).checkpoint.hasTokenizer).toBe(false)
  expect((await readdir(target)).filter((name) => name.endsWith('.safetensors'))).toHaveLength(4)
})

test('a mirror that keeps no tree is asked file by file', async () => {
  hub.keepsTree = false
  const { pull, target } = await puller()
  await pull()
  expect(await digestsOf(target)).toEqual(await neededDigests())
  expect(hub.seen.some((request) => request.method === 'HEAD')).toBe(true)
})

describe('a broken connection', () => {
  test('is continued from the byte where it broke off', async () => {
    const { pull, target } = await puller()
    // Small files take the first four answers.
    hub.failures.push(...NEEDED.slice(1).map(() => ({ kind: 'drop', afterBytes: 1e9 }) as const))
    hub.failures.push({ kind: 'drop', afterBytes: 100_000 }, { kind: 'drop', afterBytes: 50_000 })
    await pull()
    expect(await digestsOf(target)).toEqual(await neededDigests())
    const ranges = cdnRequests().map((request) => request.range)
    expect(ranges[0]).toBeUndefined()
    expect(ranges.slice(1).length).toBeGreaterThan(0)
    for (const range of ranges.slice(1)) expect(range).toMatch(/^bytes=[1-9]\d*-$/)
  })

  test('that does not come back is named, and a later pull continues', async () => {
    const first = await puller()
    const size = files.get('model.safetensors')?.length ?? 0
    // A dead endpoint after 150,000 bytes of the weights: what a killed process leaves is the same partial file.
    hub.failures.push(...Array.from({ length: 4 }, () => ({ kind: 'ignore-range' }) as const), { kind: 'drop', afterBytes: 150_000 }, ...Array.from({ length: 3 }, () => ({ kind: 'status', status: 503 }) as const))
    await expect(first.pull()).rejects.toMatchObject({ code: 'model_unavailable', message: expect.stringMatching(/answered 503/) as unknown })
    const partial = (await readdir(first.staging)).find((name) => name.startsWith('model.safetensors.'))
    expect(partial).toMatch(/\.partial$/)
    const kept = (await readFile(path.join(first.staging, partial ?? ''))).length
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThan(size)

    hub.seen.length = 0
    hub.failures.length = 0
    await first.pull()
    expect(cdnRequests().map((request) => request.range)).toEqual([`bytes=${kept}-`])
    expect(hub.seen.filter((request) => request.path.endsWith('/tokenizer.json'))).toEqual([])
    expect(await digestsOf(first.target)).toEqual(await neededDigests())
    expect(first.progress.at(-1)?.resumed).toBeGreaterThanOrEqual(kept)
  })

  test('and a server that ignores ranges still give the right bytes', async () => {
    const { pull, target, progress } = await puller()
    hub.failures.push(...Array.from({ length: 4 }, () => ({ kind: 'ignore-range' }) as const), { kind: 'drop', afterBytes: 120_000 }, { kind: 'ignore-range' })
    await pull()
    expect(await digestsOf(target)).toEqual(await neededDigests())
    expect(progress.at(-1)?.received).toBe(progress.at(-1)?.total)
  })
})

test('the remains of an earlier state of the repository are not mixed in', async () => {
  const { pull, staging, target } = await puller()
  await mkdir(staging, { recursive: true })
  await writeFile(path.join(staging, 'model.safetensors.0123456789abcdef.partial'), 'of another commit')
  await writeFile(path.join(staging, 'tokenizer.json'), '{"of another": "commit"}')
  await pull()
  expect(await digestsOf(target)).toEqual(await neededDigests())
})

test('wrong bytes are fetched once more, and twice wrong is an error that places nothing', async () => {
  const { pull, target, dataDir } = await puller()
  hub.failures.push({ kind: 'wrong-bytes' })
  await pull()
  expect(await digestsOf(target)).toEqual(await neededDigests())

  const second = await puller()
  hub.failures.push(...Array.from({ length: 4 }, () => ({ kind: 'ignore-range' }) as const), { kind: 'wrong-bytes' }, { kind: 'wrong-bytes' })
  await expect(second.pull()).rejects.toMatchObject({ code: 'model_unavailable', message: expect.stringMatching(/model\.safetensors arrived with another sha256/) as unknown })
  expect(await second.registry.find(REPO)).toBeNull()
  expect(dataDir).not.toBe(second.dataDir)
})

test('server errors are tried again', async () => {
  const { pull } = await puller()
  hub.failures.push({ kind: 'status', status: 500 }, { kind: 'status', status: 429 })
  expect((await pull()).downloaded).toBe(true)
})

describe('the token', () => {
  test('opens a gated repository and is never sent to another origin', async () => {
    hub.repositories.set(REPO, { commit: 'b'.repeat(40), files, gatedFor: TOKEN })
    const { pull } = await puller({ token: TOKEN })
    await pull()
    expect(hub.seen.filter((request) => request.origin === 'hub').every((request) => request.authorization === `Bearer ${TOKEN}`)).toBe(true)
    expect(cdnRequests().length).toBeGreaterThan(0)
    expect(cdnRequests().every((request) => request.authorization === undefined)).toBe(true)
  })

  test('is asked for where a repository is gated', async () => {
    hub.repositories.set(REPO, { commit: 'b'.repeat(40), files, gatedFor: TOKEN })
    const { pull } = await puller()
    await expect(pull()).rejects.toMatchObject({ code: 'insufficient_permissions', message: expect.stringMatching(/gated.*HF_TOKEN/) as unknown })
  })
})

describe('what cannot be pulled is refused with the reason, before any weights are fetched', () => {
  test('no such repository', async () => {
    const { pull } = await puller()
    await expect(pull({ repo: 'nobody/nothing' })).rejects.toMatchObject({ code: 'not_found', message: expect.stringMatching(/no model nobody\/nothing/) as unknown })
  })

  test('no such revision', async () => {
    const { pull } = await puller()
    await expect(pull({ revision: 'v9' })).rejects.toMatchObject({ code: 'not_found', param: 'revision' })
  })

  test('another architecture', async () => {
    files.set('config.json', Buffer.from(JSON.stringify({ model_type: 'llama' })))
    const { pull, dataDir } = await puller()
    await expect(pull()).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringMatching(/not a GPT-2.*llama/) as unknown })
    expect(cdnRequests()).toEqual([])
    expect(await everythingUnder(path.join(dataDir, 'models'))).toEqual(['.pulling'])
  })

  test('no safetensors', async () => {
    files.delete('model.safetensors')
    const { pull } = await puller()
    await expect(pull()).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringMatching(/no model\.safetensors, only pytorch_model\.bin/) as unknown })
  })

  test('a hub that is not there', async () => {
    const { pull } = await puller({ endpoint: 'http://127.0.0.1:9' })
    await expect(pull()).rejects.toMatchObject({ code: 'model_unavailable', message: expect.stringMatching(/127\.0\.0\.1:9 cannot be reached.*online/) as unknown })
  })

  test('a server that is no hub', async () => {
    const { pull } = await puller({ endpoint: `${hub.endpoint}/${REPO}/resolve/main/config.json?` })
    await expect(pull()).rejects.toMatchObject({ code: 'model_unavailable', message: expect.stringMatching(/does not answer as a Hugging Face hub/) as unknown })
  })
})

test('pulling again fetches nothing while the hub holds the same, and is a conflict when it holds another', async () => {
  const { pull, target } = await puller()
  await pull()
  hub.seen.length = 0
  expect((await pull()).downloaded).toBe(false)
  expect(hub.seen.some((request) => request.path.includes('/resolve/'))).toBe(false)
  files.set('generation_config.json', Buffer.from('{"eos_token_id":1}'))
  await expect(pull()).rejects.toMatchObject({ code: 'conflict' })
  expect((await pull({ force: true })).downloaded).toBe(true)
  expect(await readFile(path.join(target, 'generation_config.json'), 'utf8')).toBe('{"eos_token_id":1}')
})

test('of two pulls of one repository at once, one is told of the other', async () => {
  const { pull, target } = await puller()
  const outcomes = await Promise.allSettled([pull(), pull()])
  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(outcomes.find((outcome) => outcome.status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } })
  expect(await digestsOf(target)).toEqual(await neededDigests())
})
