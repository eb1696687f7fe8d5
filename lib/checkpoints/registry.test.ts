import { cp, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { CheckpointRegistry } from '@/lib/checkpoints/registry'
import { BUNDLED, BUNDLED_DIR, copyOf, fixture, removeFoldersAtEnd, temporaryFolder } from '@/lib/checkpoints/testing/folders'

removeFoldersAtEnd()

async function house(defaultModel = 'parley-mini-0') {
  const dataDir = await temporaryFolder()
  const models = path.join(dataDir, 'models')
  await mkdir(models)
  return { dataDir, models, registry: new CheckpointRegistry({ dataDir, bundledDir: BUNDLED_DIR, defaultModel }) }
}

const names = async (registry: CheckpointRegistry) => (await registry.list()).map((checkpoint) => checkpoint.name)

test('the bundled checkpoint is the default and declares its directions', async () => {
  const { registry } = await house()
  const checkpoint = await registry.default()
  expect(checkpoint).toMatchObject({ name: 'parley-mini-0', dir: BUNDLED, hasTokenizer: true, eosTokenIds: [0], bosTokenId: 0, bytes: 10_584_008 })
  expect(checkpoint.card?.translation).toEqual({ directions: [['en', 'fr'], ['fr', 'en']], tags: { en: '<|en|>', fr: '<|fr|>' } })
  expect(checkpoint.card?.chat).toEqual({ languages: ['en'], stop_tokens: ['<|user|>'] })
})

test('a folder is listed as soon as it stands there, one or two levels deep, and gone when it is removed', async () => {
  const { models, registry } = await house()
  expect(await names(registry)).toEqual(['parley-mini-0'])
  await copyOf(fixture('a-plain'), path.join(models, 'tiny'))
  await copyOf(fixture('b-legacy'), path.join(models, 'someone', 'tiny'))
  expect(await names(registry)).toEqual(['parley-mini-0', 'someone/tiny', 'tiny'])
  expect(await registry.find('someone/tiny')).toMatchObject({ hasTokenizer: false, card: null })
  await rm(path.join(models, 'tiny'), { recursive: true })
  expect(await names(registry)).toEqual(['parley-mini-0', 'someone/tiny'])
  expect(await registry.find('tiny')).toBeNull()
})

test('folders that cannot be read do not break the others, and are named with the reason', async () => {
  const { models, registry } = await house()
  await truncate(path.join(await copyOf(fixture('a-plain'), path.join(models, 'cut')), 'model.safetensors'), 9000)
  await writeFile(path.join(await copyOf(fixture('a-plain'), path.join(models, 'garbled')), 'config.json'), '{"n_embd":')
  await writeFile(path.join(await copyOf(fixture('a-plain'), path.join(models, 'other')), 'config.json'), '{"model_type":"llama"}')
  await rm(path.join(await copyOf(fixture('a-plain'), path.join(models, 'bare')), 'config.json'))
  await rm(path.join(await copyOf(fixture('a-plain'), path.join(models, 'weightless')), 'model.safetensors'))
  await writeFile(path.join(await copyOf(fixture('a-plain'), path.join(models, 'carded')), 'parley.json'), '{"translation":{"directions":[],"tags":{}}}')
  await mkdir(path.join(models, 'empty'))
  expect(await names(registry)).toEqual(['parley-mini-0'])
  const reasons = Object.fromEntries((await registry.problems()).map(({ name, reason }) => [name, reason]))
  expect(reasons).toEqual({
    bare: expect.stringMatching(/no config\.json/) as unknown,
    carded: expect.stringMatching(/parley\.json does not fit: translation\.directions/) as unknown,
    cut: expect.stringMatching(/model\.safetensors cannot be read: it is cut off/) as unknown,
    garbled: expect.stringMatching(/config\.json does not hold valid JSON/) as unknown,
    other: expect.stringMatching(/not a GPT-2.*llama/) as unknown,
    weightless: expect.stringMatching(/neither model\.safetensors nor/) as unknown,
  })
  await expect(registry.find('cut')).rejects.toMatchObject({ code: 'model_unavailable' })
})

test.each(['../models/parley-mini-0', '..', '.', '', 'a/b/c', '/etc', '.pulling', 'parley-mini-0/', 'a\\b', 'a\0b'])('the name %j reaches no folder', async (name) => {
  const { registry } = await house()
  expect(await registry.find(name)).toBeNull()
})

test('the end-of-text ids are those of config.json and generation_config.json together', async () => {
  const { models, registry } = await house()
  const dir = await copyOf(fixture('a-plain'), path.join(models, 'tiny'))
  await writeFile(path.join(dir, 'generation_config.json'), JSON.stringify({ eos_token_id: [3, 0, 5] }))
  expect((await registry.find('tiny'))?.eosTokenIds).toEqual([0, 3, 5])
})

test('the fingerprint changes with any file, and what was read follows', async () => {
  const { models, registry } = await house()
  const dir = await copyOf(fixture('a-plain'), path.join(models, 'tiny'))
  const first = await registry.find('tiny')
  expect((await registry.find('tiny'))?.fingerprint).toBe(first?.fingerprint)
  await writeFile(path.join(dir, 'parley.json'), JSON.stringify({ description: 'new' }))
  const second = await registry.find('tiny')
  expect(second?.card?.description).toBe('new')
  expect(second?.fingerprint).not.toBe(first?.fingerprint)
})

test('the default may be a folder anywhere, which is listed under its last part', async () => {
  const dir = await copyOf(fixture('a-plain'), path.join(await temporaryFolder(), 'elsewhere'))
  const { registry } = await house(dir)
  expect(await registry.default()).toMatchObject({ name: 'elsewhere', dir })
  expect(await names(registry)).toEqual(['elsewhere', 'parley-mini-0'])
})

test('a default given as the path of a listed folder keeps its listed name', async () => {
  const { registry } = await house(BUNDLED)
  expect(await names(registry)).toEqual(['parley-mini-0'])
  expect((await registry.default()).name).toBe('parley-mini-0')
})

test('a default that is not there is named, with the models that are', async () => {
  const { registry } = await house('no-such')
  await expect(registry.default()).rejects.toMatchObject({ code: 'model_not_found', message: expect.stringMatching(/"no-such".*parley-mini-0/) as unknown })
})

test('of two folders of one name the one in the data folder is served', async () => {
  const { models, registry } = await house()
  await cp(BUNDLED, path.join(models, 'parley-mini-0'), { recursive: true })
  const found = await registry.default()
  expect(found.dir).toBe(path.join(models, 'parley-mini-0'))
  expect(await readFile(path.join(found.dir, 'config.json'))).toEqual(await readFile(path.join(BUNDLED, 'config.json')))
})

test('a model that was found is not looked for again while it is fresh; one that was not there is', async () => {
  const { dataDir, models } = await house()
  const registry = new CheckpointRegistry({ dataDir, bundledDir: BUNDLED_DIR, defaultModel: 'parley-mini-0', freshMs: 300 })
  expect(await registry.find('tiny')).toBeNull()
  await copyOf(fixture('a-plain'), path.join(models, 'tiny'))
  const found = await registry.find('tiny')
  expect(found).not.toBeNull()
  await rm(path.join(models, 'tiny'), { recursive: true })
  expect(await registry.find('tiny')).toBe(found)
  await delay(320)
  expect(await registry.find('tiny')).toBeNull()
})
