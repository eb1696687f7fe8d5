import { mkdir, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { exportCheckpoint } from '@/lib/checkpoints/export-checkpoint'
import { importCheckpoint } from '@/lib/checkpoints/import-checkpoint'
import { CheckpointRegistry } from '@/lib/checkpoints/registry'
import { BUNDLED, BUNDLED_DIR, digestsOf, copyOf, everythingUnder, fixture, removeFoldersAtEnd, temporaryFolder } from '@/lib/checkpoints/testing/folders'

removeFoldersAtEnd()

async function house() {
  const dataDir = await temporaryFolder()
  const registry = new CheckpointRegistry({ dataDir, bundledDir: BUNDLED_DIR, defaultModel: 'parley-mini-0' })
  const importFrom = (source: string, options: { name?: string; force?: boolean } = {}) =>
    importCheckpoint({ source, name: options.name, force: options.force ?? false, dataDir, bundledDir: BUNDLED_DIR })
  return { dataDir, registry, importFrom }
}

test('an imported folder is listed at once under its own name or the given one', async () => {
  const { registry, importFrom } = await house()
  await registry.list()
  expect(await importFrom(fixture('a-plain'))).toMatchObject({ name: 'a-plain', hasTokenizer: true })
  expect(await importFrom(fixture('f-sharded'), { name: 'acme/sharded' })).toMatchObject({ name: 'acme/sharded', hasTokenizer: false })
  expect((await registry.list()).map((checkpoint) => checkpoint.name)).toEqual(['a-plain', 'acme/sharded', 'parley-mini-0'])
})

test.each(['a-plain', 'b-legacy', 'c-untied-gelu', 'd-unscaled', 'd2-inverse-layer', 'e-fp16', 'f-sharded'])('%s passes the validation and keeps its bytes', async (name) => {
  const { dataDir, importFrom } = await house()
  await importFrom(fixture(name))
  const { 'expected.json': notOfTheModel, ...source } = await digestsOf(fixture(name))
  expect(notOfTheModel).toBeDefined()
  expect(await digestsOf(path.join(dataDir, 'models', name))).toEqual(source)
})

test('what was exported is byte for byte what stands there, and can be imported again', async () => {
  const { dataDir, registry, importFrom } = await house()
  const out = path.join(await temporaryFolder(), 'not', 'yet', 'there')
  const { dir } = await exportCheckpoint(registry, 'parley-mini-0', out)
  expect(await digestsOf(dir)).toEqual(await digestsOf(BUNDLED))
  await importFrom(dir, { name: 'again' })
  expect(await digestsOf(path.join(dataDir, 'models', 'again'))).toEqual(await digestsOf(BUNDLED))
})

test('an export overwrites nothing, and leaves nothing beside a folder that is in its way', async () => {
  const { registry } = await house()
  const parent = await temporaryFolder()
  await mkdir(path.join(parent, 'out'))
  await writeFile(path.join(parent, 'out', 'mine.txt'), 'mine')
  await expect(exportCheckpoint(registry, 'parley-mini-0', path.join(parent, 'out'))).rejects.toMatchObject({ code: 'conflict' })
  expect(await everythingUnder(parent)).toEqual(['out', 'out/mine.txt'])
  await expect(exportCheckpoint(registry, 'nobody', path.join(parent, 'other'))).rejects.toMatchObject({ code: 'model_not_found' })
})

describe('a folder that is not a usable checkpoint is refused with the reason, and nothing is left behind', () => {
  const spoil: [string, (dir: string) => Promise<void>, RegExp][] = [
    ['cut-off weights', (dir) => truncate(path.join(dir, 'model.safetensors'), 200_000), /model\.safetensors cannot be read: it is cut off/],
    ['a configuration of another shape', (dir) => writeFile(path.join(dir, 'config.json'), JSON.stringify({ vocab_size: 9, n_positions: 96, n_embd: 48, n_layer: 3, n_head: 4 })), /wte\.weight: it has the shape \[512, 48\]/],
    ['heads that do not divide the width', (dir) => writeFile(path.join(dir, 'config.json'), JSON.stringify({ vocab_size: 512, n_positions: 96, n_embd: 48, n_layer: 3, n_head: 5 })), /n_embd 48 is not a multiple of n_head 5/],
    ['a broken tokenizer', (dir) => writeFile(path.join(dir, 'tokenizer.json'), '{'), /tokenizer\.json/],
    ['a card that names unknown tokens', (dir) => writeFile(path.join(dir, 'parley.json'), JSON.stringify({ chat: { stop_tokens: ['<|nobody|>'] } })), /names the token <\|nobody\|>/],
  ]
  test.each(spoil)('%s', async (_, damage, reason) => {
    const { dataDir, registry, importFrom } = await house()
    const dir = await copyOf(fixture('a-plain'), path.join(await temporaryFolder(), 'spoilt'))
    await damage(dir)
    await expect(importFrom(dir)).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringMatching(reason) as unknown })
    expect(await everythingUnder(dataDir)).toEqual([])
    expect((await registry.list()).map((checkpoint) => checkpoint.name)).toEqual(['parley-mini-0'])
  })
})

test('a source that is missing or no folder is named', async () => {
  const { importFrom } = await house()
  await expect(importFrom('/no/such/folder')).rejects.toMatchObject({ code: 'not_found', message: expect.stringMatching(/\/no\/such\/folder/) as unknown })
  await expect(importFrom(path.join(BUNDLED, 'config.json'))).rejects.toMatchObject({ code: 'invalid_request' })
})

test.each(['../outside', '.hidden', 'a/b/c', 'white space', ''])('the name %j is refused', async (name) => {
  const { dataDir, importFrom } = await house()
  await expect(importFrom(fixture('a-plain'), { name })).rejects.toMatchObject({ code: 'invalid_request', param: 'name' })
  expect(await everythingUnder(dataDir)).toEqual([])
})

test('a name that is taken, also by a bundled model, is a conflict; force replaces it', async () => {
  const { dataDir, registry, importFrom } = await house()
  await importFrom(fixture('a-plain'), { name: 'm' })
  await expect(importFrom(fixture('b-legacy'), { name: 'm' })).rejects.toMatchObject({ code: 'conflict' })
  await expect(importFrom(fixture('b-legacy'), { name: 'parley-mini-0' })).rejects.toMatchObject({ code: 'conflict' })
  expect((await registry.find('m'))?.config.vocabSize).toBe(512)
  await importFrom(fixture('b-legacy'), { name: 'm', force: true })
  expect((await registry.find('m'))?.config.vocabSize).toBe(397)
  expect((await everythingUnder(path.join(dataDir, 'models'))).filter((name) => name.startsWith('.'))).toEqual([])
})

test('a model is never put inside another, and force never removes a folder of models', async () => {
  const { registry, importFrom } = await house()
  await importFrom(fixture('a-plain'), { name: 'm' })
  await importFrom(fixture('a-plain'), { name: 'acme/m' })
  await expect(importFrom(fixture('a-plain'), { name: 'm/inner' })).rejects.toMatchObject({ code: 'conflict' })
  await expect(importFrom(fixture('a-plain'), { name: 'acme', force: true })).rejects.toMatchObject({ code: 'conflict' })
  expect((await registry.list()).map((checkpoint) => checkpoint.name)).toEqual(['acme/m', 'm', 'parley-mini-0'])
})
