import path from 'node:path'

import { beforeAll, describe, expect, it } from 'vitest'

import { readCheckpoint } from '@/lib/checkpoints/read-checkpoint'
import { loadTokenizer } from '@/lib/tokenizer/tokenizer'

import { draftPrompt } from './draft-prompt'
import type { TextModel } from './text-model'

const BUNDLED = path.resolve('models/parley-mini-0')

let model: TextModel

beforeAll(async () => {
  const tokenizer = await loadTokenizer(BUNDLED)
  if (tokenizer === null) throw new Error('The bundled checkpoint has no tokenizer.')
  model = { checkpoint: await readCheckpoint(BUNDLED, 'parley-mini-0'), tokenizer }
})

const shown = (opening: string): string => model.tokenizer.decode(draftPrompt(model, opening).ids)

describe('the prompt of a model that declares translations', () => {
  it("is the opening's unfinished sentence under its language's tag", () => {
    expect(shown('He is late. I think that')).toBe('<|en|>I think that')
    expect(shown('Je pense que')).toBe('<|fr|>Je pense que')
  })

  it('is the tag alone after a finished sentence, and a draft is then set off by a space', () => {
    expect(shown('He is late.')).toBe('<|en|>')
    expect(draftPrompt(model, 'He is late.').lead).toBe(' ')
    expect(draftPrompt(model, 'He is late.\n').lead).toBe('')
  })

  it('leaves a space at the end to the opening', () => {
    expect(shown('I think ')).toBe('<|en|>I think')
    expect(draftPrompt(model, 'I think ').trimStart).toBe(true)
    expect(draftPrompt(model, 'I think').trimStart).toBe(false)
  })

  it('ends a draft at any of its tags', () => {
    const { stopTokenIds } = draftPrompt(model, 'I think')
    for (const tag of ['<|en|>', '<|fr|>']) expect(stopTokenIds).toContain(model.tokenizer.idOf(tag))
  })

  it('keeps the spelling of a tag as plain text', () => {
    const { ids } = draftPrompt(model, 'I wrote <|fr|> here')
    expect(ids.slice(1)).not.toContain(model.tokenizer.idOf('<|fr|>'))
  })
})

describe('the prompt of any other model', () => {
  it('is the opening as it stands', () => {
    const plain: TextModel = { ...model, checkpoint: { ...model.checkpoint, card: null } }
    const { ids, stopTokenIds, lead } = draftPrompt(plain, 'Title\n\nHe is late.')
    expect(model.tokenizer.decode(ids)).toBe('Title\n\nHe is late.')
    expect(stopTokenIds).toEqual([])
    expect(lead).toBe('')
  })
})
