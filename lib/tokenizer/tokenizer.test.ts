import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { AppError } from '@/lib/contract/errors'
import { StreamingDetokenizer } from './streaming-detokenizer'
import { loadTokenizer } from './tokenizer'
import type { TextTokenizer } from './tokenizer'

const decodedCase = z.object({
  ids: z.array(z.number()),
  decoded: z.string(),
  decoded_skip_special: z.string(),
  safe_delta: z.array(z.string()),
  flush: z.string().default(''),
  prefix_decoded: z.array(z.string()).optional(),
})
const expectedSchema = z.object({
  special_tokens: z.record(z.string(), z.number()),
  strings: z.array(decodedCase.extend({ text: z.string() })),
  arbitrary_ids: z.array(decodedCase),
})

const fixtures = join(import.meta.dirname, 'fixtures')
const expected = expectedSchema.parse(JSON.parse(await readFile(join(fixtures, 'merges-as-pairs/expected.json'), 'utf8')))

async function load(dir: string): Promise<TextTokenizer> {
  const tokenizer = await loadTokenizer(dir)
  if (tokenizer === null) throw new Error(`no tokenizer in ${dir}`)
  return tokenizer
}

describe.each(['merges-as-pairs', 'merges-as-strings'])('the tokenizer of %s equals the reference', (form) => {
  let tokenizer: TextTokenizer
  beforeAll(async () => {
    tokenizer = await load(join(fixtures, form))
  })

  it('knows the special tokens', () => {
    expect(Object.fromEntries(tokenizer.specialTokens)).toEqual(expected.special_tokens)
    expect(tokenizer.eosToken).toBe('<|endoftext|>')
  })

  it('encodes every string to the same ids', () => {
    for (const { text, ids } of expected.strings) expect({ text, ids: tokenizer.encode(text) }).toEqual({ text, ids })
  })

  it('decodes every sequence to the same text, and each of its prefixes', () => {
    for (const { ids, decoded, decoded_skip_special, prefix_decoded } of [...expected.strings, ...expected.arbitrary_ids]) {
      expect(tokenizer.decode(ids)).toBe(decoded)
      expect(tokenizer.decode(ids, { skipSpecial: true })).toBe(decoded_skip_special)
      for (const [index, prefix] of (prefix_decoded ?? []).entries()) expect(tokenizer.decode(ids.slice(0, index + 1))).toBe(prefix)
    }
  })

  it('streams the same final pieces', () => {
    for (const { ids, safe_delta, flush } of [...expected.strings, ...expected.arbitrary_ids]) {
      const detokenizer = new StreamingDetokenizer(tokenizer)
      expect(ids.map((id) => detokenizer.push(id))).toEqual(safe_delta)
      expect(detokenizer.flush()).toBe(flush)
    }
  })

  it('streams without special tokens what it decodes without them', () => {
    for (const { ids, decoded_skip_special } of [...expected.strings, ...expected.arbitrary_ids]) {
      const detokenizer = new StreamingDetokenizer(tokenizer, { skipSpecial: true })
      expect(ids.map((id) => detokenizer.push(id)).join('') + detokenizer.flush()).toBe(decoded_skip_special)
    }
  })
})

describe('the tokenizer', () => {
  let tokenizer: TextTokenizer
  beforeAll(async () => {
    tokenizer = await load(join(fixtures, 'merges-as-pairs'))
  })

  it('gives any text back, special spellings and odd white space included', () => {
    const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('<|en|>', '<|endoftext|>', '\ufeff', '\u0085', ' ', '\n', "'s"))
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(text, fc.boolean(), (value, special) => {
        expect(tokenizer.decode(tokenizer.encode(value, { special }))).toBe(value)
      }),
      { numRuns: 300 },
    )
  })

  it('never makes a special token of a text read as ordinary', () => {
    const special = new Set(tokenizer.specialTokens.values())
    for (const spelling of tokenizer.specialTokens.keys()) {
      expect(tokenizer.encode(`a${spelling}b`).some((id) => special.has(id))).toBe(true)
      expect(tokenizer.encode(`a${spelling}b`, { special: false }).some((id) => special.has(id))).toBe(false)
    }
  })

  it('writes a token that is not text by itself as its bytes', () => {
    const ids = tokenizer.encode('\u{1f600}')
    expect(ids.length).toBeGreaterThan(1)
    expect(ids.map((id) => tokenizer.tokenText(id)).join('')).toMatch(/^(bytes:(\\x[0-9a-f]{2})+)+$/)
    expect(tokenizer.tokenText(tokenizer.encode('a')[0] ?? -1)).toBe('a')
  })

  it('looks up ids by spelling and has no bytes for an unknown id', () => {
    expect(tokenizer.idOf('<|fr|>')).toBe(expected.special_tokens['<|fr|>'])
    expect(tokenizer.idOf('no such token')).toBeUndefined()
    expect(tokenizer.tokenBytes(99_999)).toHaveLength(0)
  })
})

describe('a checkpoint directory', () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'parley-tokenizer-'))
  })
  afterAll(async () => {
    await rm(dir, { recursive: true })
  })

  it('without tokenizer.json has no tokenizer', async () => {
    expect(await loadTokenizer(dir)).toBeNull()
  })

  it('takes the template named default, and chat_template.jinja before it', async () => {
    await cp(join(fixtures, 'merges-as-pairs'), dir, { recursive: true })
    const templates = [{ name: 'tool_use', template: 'T' }, { name: 'default', template: 'D' }]
    await writeFile(join(dir, 'tokenizer_config.json'), JSON.stringify({ chat_template: templates, bos_token: { content: '<|en|>' } }))
    const named = await load(dir)
    expect(named.chatTemplate).toBe('D')
    expect(named.bosToken).toBe('<|en|>')
    await writeFile(join(dir, 'chat_template.jinja'), 'J')
    expect((await load(dir)).chatTemplate).toBe('J')
  })

  it('with a broken tokenizer.json is refused with the file named', async () => {
    const file = join(dir, 'tokenizer.json')
    await writeFile(file, '{"model": ')
    await expect(loadTokenizer(dir)).rejects.toThrow(new AppError('model_unavailable', `${file} is not valid JSON.`))
    await writeFile(file, JSON.stringify({ decoder: { type: 'WordPiece' }, model: { type: 'BPE', vocab: {}, merges: [] } }))
    await expect(loadTokenizer(dir)).rejects.toThrow(/tokenizer\.json: the decoder is WordPiece/)
  })
})
