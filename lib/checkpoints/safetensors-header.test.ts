import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseGpt2Config } from '@/lib/checkpoints/read-checkpoint'
import { selectGpt2Tensors } from '@/lib/checkpoints/gpt2-tensors'
import { readCheckpointHeaders, readSafetensorsHeader } from '@/lib/checkpoints/safetensors-header'
import { copyOf, fixture, removeFoldersAtEnd, temporaryFolder, writeSafetensors } from '@/lib/checkpoints/testing/folders'

removeFoldersAtEnd()

const FIXTURES = ['a-plain', 'b-legacy', 'c-untied-gelu', 'd-unscaled', 'd2-inverse-layer', 'e-fp16', 'f-sharded']

test.each(FIXTURES)('every tensor that the architecture needs is found in %s, and nothing else', async (name) => {
  const dir = fixture(name)
  const config = parseGpt2Config(await readFile(path.join(dir, 'config.json'), 'utf8'))
  const selected = selectGpt2Tensors(config, await readCheckpointHeaders(dir))
  expect(selected.size).toBe(4 + 12 * config.layers + (config.tied ? 0 : 1))
  expect([...selected.keys()].filter((key) => /\.attn\.(masked_)?bias$/.test(key))).toEqual([])
})

test('an entry says where its numbers lie', async () => {
  const dir = await temporaryFolder()
  const file = path.join(dir, 'model.safetensors')
  await writeSafetensors(file, { b: { dtype: 'F16', shape: [2, 3], data_offsets: [8, 20] }, a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 20)
  const b = (await readSafetensorsHeader(file)).get('b')
  const { length } = await readFile(file)
  expect(b).toMatchObject({ name: 'b', dtype: 'F16', shape: [2, 3], file, start: length - 12, end: length })
})

describe('a broken file is refused with its name and what is wrong', () => {
  const tensor = (begin: number, end: number, shape = [2], dtype = 'F32') => ({ dtype, shape, data_offsets: [begin, end] })
  test.each([
    ['a length that does not fit the shape', { a: tensor(0, 4) }, 4, /tensor a \[2\] F32 wants 8 bytes and has 4/],
    ['an unknown type', { a: tensor(0, 8, [2], 'F33') }, 8, /tensor a has the unknown type F33/],
    ['tensors that overlap', { a: tensor(0, 8), b: tensor(4, 12) }, 12, /tensor b does not begin where the one before it ends/],
    ['a hole', { a: tensor(0, 8), b: tensor(12, 20) }, 20, /tensor b does not begin/],
    ['missing data', { a: tensor(0, 8) }, 7, /cut off: its tensors want \d+ bytes/],
    ['data that no tensor owns', { a: tensor(0, 8) }, 9, /1 bytes follow its last tensor/],
    ['a negative side', { a: tensor(0, 8, [-2]) }, 8, /wrong at a\.shape/],
    ['a list for a header', [], 0, /not a JSON object/],
  ])('%s', async (_, header, dataBytes, message) => {
    const file = path.join(await temporaryFolder(), 'model.safetensors')
    await writeSafetensors(file, header, dataBytes)
    await expect(readSafetensorsHeader(file)).rejects.toMatchObject({ code: 'model_unavailable', message: expect.stringMatching(message) as unknown })
    await expect(readSafetensorsHeader(file)).rejects.toThrow(/^model\.safetensors/)
  })

  test.each([
    ['an empty file', Buffer.alloc(0), /ends after 0 bytes/],
    ['a web page', Buffer.from('<!DOCTYPE html><html></html>'), /not a safetensors header/],
    ['a header that is not JSON', Buffer.concat([Buffer.from([3, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{{{')]), /valid JSON/],
    ['a header that is cut off', Buffer.concat([Buffer.from([99, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{}')]), /its header wants 99 bytes and 2 are there/],
  ])('%s', async (_, bytes, message) => {
    const file = path.join(await temporaryFolder(), 'model.safetensors')
    await writeFile(file, bytes)
    await expect(readSafetensorsHeader(file)).rejects.toThrow(message)
  })
})

describe('a sharded checkpoint', () => {
  test('names the shard that is missing', async () => {
    const dir = await copyOf(fixture('f-sharded'), path.join(await temporaryFolder(), 'm'))
    await rm(path.join(dir, 'model-00003-of-00004.safetensors'))
    await expect(readCheckpointHeaders(dir)).rejects.toThrow(/model-00003-of-00004\.safetensors cannot be read: it is missing/)
  })

  test('names the shard that is cut off', async () => {
    const dir = await copyOf(fixture('f-sharded'), path.join(await temporaryFolder(), 'm'))
    await truncate(path.join(dir, 'model-00002-of-00004.safetensors'), 5000)
    await expect(readCheckpointHeaders(dir)).rejects.toThrow(/model-00002-of-00004\.safetensors cannot be read: it is cut off/)
  })

  test('may not point outside its folder', async () => {
    const dir = await copyOf(fixture('f-sharded'), path.join(await temporaryFolder(), 'm'))
    await writeFile(path.join(dir, 'model.safetensors.index.json'), JSON.stringify({ weight_map: { 'wte.weight': '../model.safetensors' } }))
    await expect(readCheckpointHeaders(dir)).rejects.toThrow(/points outside its folder/)
  })

  test('lacks nothing that its index promises', async () => {
    const dir = await copyOf(fixture('f-sharded'), path.join(await temporaryFolder(), 'm'))
    await writeFile(path.join(dir, 'model.safetensors.index.json'), JSON.stringify({ weight_map: { 'no.such': 'model-00001-of-00004.safetensors' } }))
    await expect(readCheckpointHeaders(dir)).rejects.toThrow(/tensor no\.such is missing/)
  })
})

test('a tensor of another shape than config.json says is named with both', async () => {
  const dir = fixture('a-plain')
  const config = parseGpt2Config(await readFile(path.join(dir, 'config.json'), 'utf8'))
  const stored = await readCheckpointHeaders(dir)
  expect(() => selectGpt2Tensors({ ...config, vocabSize: 513 }, stored)).toThrow(/wte\.weight: it has the shape \[512, 48\], and config\.json calls for \[513, 48\]/)
  expect(() => selectGpt2Tensors({ ...config, layers: 4 }, stored)).toThrow(/lack the tensor h\.3\.ln_1\.weight/)
})
