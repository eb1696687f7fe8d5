import { beforeAll, describe, expect, test } from 'vitest'
import { liveTensors, startBackend } from '@/workers/model/backend'
import { Gpt2 } from '@/workers/model/gpt2'
import { widenBrainFloat, widenHalf } from '@/workers/model/safetensors'
import { randomTensors, safetensorsBytes, tinyConfig, withFolder } from '@/workers/model/testing/random-checkpoint'
import type { StoredTensor } from '@/workers/model/testing/random-checkpoint'

const config = tinyConfig()
const FILE = 'model.safetensors'
const QKV = 'h.1.attn.c_attn.weight'

beforeAll(async () => {
  await startBackend('wasm')
})

/** A good file, after a change to its tensors. */
function fileWith(change: (tensors: Map<string, StoredTensor>) => void): Buffer {
  const tensors = randomTensors(config, 1)
  change(tensors)
  return safetensorsBytes(tensors)
}

/** A good file whose header text is replaced, so that offsets and shapes can lie. */
function headerOf(file: Buffer, change: (text: string) => string): Buffer {
  const length = Number(file.readBigUInt64LE(0))
  const text = Buffer.from(change(file.toString('utf8', 8, 8 + length)))
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([prefix, text, file.subarray(8 + length)])
}

const good = fileWith(() => undefined)
const zeros = (dtype: string, shape: number[], bytes: number): StoredTensor => ({ dtype, shape, data: new Uint8Array(bytes) })
const index = (map: Record<string, string>) => JSON.stringify({ weight_map: map })

const FAULTS: [name: string, files: Record<string, Uint8Array | string>, message: RegExp][] = [
  ['no weights', {}, /neither model\.safetensors nor/],
  ['an empty file', { [FILE]: '' }, /model\.safetensors .*before its header/],
  ['a file of another kind', { [FILE]: 'PK\u0003\u0004 this is an archive' }, /model\.safetensors .*not a safetensors header/],
  ['a file cut off inside the header', { [FILE]: good.subarray(0, 200) }, /model\.safetensors .*cut off/],
  ['a file cut off inside a tensor', { [FILE]: good.subarray(0, good.length - 5) }, /model\.safetensors .*cut off/],
  ['bytes after the last tensor', { [FILE]: Buffer.concat([good, Buffer.from('more')]) }, /model\.safetensors .*4 bytes follow/],
  ['a header that is no JSON', { [FILE]: headerOf(good, (text) => text.replace(':', ';')) }, /model\.safetensors .*valid JSON/],
  ['a tensor that overlaps another', { [FILE]: headerOf(good, (text) => text.replace('"data_offsets":[736,1504]', '"data_offsets":[732,1500]')) }, /model\.safetensors .*tensor wpe\.weight/],
  ['a shape that does not fit the bytes', { [FILE]: headerOf(good, (text) => text.replace('[23,8]', '[23,9]')) }, /model\.safetensors .*tensor wte\.weight \[23, 9\]/],
  ['an unknown type', { [FILE]: headerOf(good, (text) => text.replace('"F32"', '"X99"')) }, /tensor wte\.weight .*X99/],
  ['a missing tensor', { [FILE]: fileWith((tensors) => tensors.delete(QKV)) }, /h\.1\.attn\.c_attn\.weight/],
  ['a tensor of another shape', { [FILE]: fileWith((tensors) => tensors.set(QKV, zeros('F32', [24, 8], 768))) }, /h\.1\.attn\.c_attn\.weight.*\[24, 8\].*\[8, 24\]/],
  ['a tensor of whole numbers', { [FILE]: fileWith((tensors) => tensors.set(QKV, zeros('I32', [8, 24], 768))) }, /h\.1\.attn\.c_attn\.weight.*I32/],
  ['a missing shard', { [`${FILE}.index.json`]: index({ 'wte.weight': 'model-2.safetensors' }) }, /model-2\.safetensors .*missing/],
  ['a shard outside the folder', { [`${FILE}.index.json`]: index({ 'wte.weight': '../model.safetensors' }) }, /outside its folder/],
  ['a shard without its tensor', { [`${FILE}.index.json`]: index({ other: 'a.safetensors' }), 'a.safetensors': good }, /a\.safetensors .*tensor other/],
]

describe('a broken checkpoint is refused by name, and leaves no tensor', () => {
  test.each(FAULTS)('%s', async (_, files, message) => {
    const before = liveTensors()
    await withFolder(files, async (dir) => {
      await expect(Gpt2.load(dir, config)).rejects.toMatchObject({ code: 'model_unavailable', message: expect.stringMatching(message) as string })
    })
    expect(liveTensors()).toBe(before)
  })
})

test('half-precision numbers of every kind are widened exactly', () => {
  const halves = Uint16Array.of(0x0000, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x83ff, 0x7c00, 0xfc00, 0x3555)
  const wanted = [0, -0, 1, -2, 65504, 2 ** -14, 2 ** -24, -1023 * 2 ** -24, Infinity, -Infinity, 0.333251953125]
  expect([...widenHalf(halves)]).toEqual(wanted)
  expect(widenHalf(Uint16Array.of(0x7e00))[0]).toBeNaN()
})

test('bfloat16 numbers are widened exactly', () => {
  expect([...widenBrainFloat(Uint16Array.of(0x0000, 0x3f80, 0xc000, 0x4049, 0x7f80))]).toEqual([0, 1, -2, 3.140625, Infinity])
})
