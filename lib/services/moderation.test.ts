import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_MODERATION, type ModerationPolicy } from '@/lib/contract/privacy'
import type { WorkerCompletionEvent } from '@/lib/contract/worker'
import { listModerationFlags } from '@/lib/db/moderation-flags'
import { readModerationPolicy, writePrivacySettings } from '@/lib/db/privacy-settings'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant } from '@/lib/db/testing/tenant'
import { moderateInput, moderateOutput, moderateWholeOutput } from './moderation'

useDatabase()

let actor: { requestId: string; orgId: string; userId: string; keyId: null }

beforeEach(async () => {
  const { orgId, userId } = await makeTenant()
  actor = { requestId: randomUUID(), orgId, userId, keyId: null }
})

async function setPolicy(policy: Partial<ModerationPolicy>): Promise<ModerationPolicy> {
  const { moderation } = await writePrivacySettings(actor.orgId, actor.userId, { moderation: { ...DEFAULT_MODERATION, ...policy } })
  return moderation
}

const flags = () => listModerationFlags(actor.orgId, { limit: 50 })

describe('input', () => {
  it('is flagged unless the organisation decides otherwise, with an excerpt and no more', async () => {
    const text = `${'Good morning. '.repeat(50)}Go and kill yourself, kill yourself! ${'Good night. '.repeat(50)}`
    expect(await moderateInput(actor, ['Hello', text])).toEqual({ policy: DEFAULT_MODERATION, flagged: true })
    expect(await flags()).toEqual([
      expect.objectContaining({
        requestId: actor.requestId,
        userId: actor.userId,
        keyId: null,
        direction: 'input',
        action: 'flagged',
        language: 'en',
        category: 'self_harm',
        word: expect.stringMatching(/kill yourself$/) as unknown,
        excerpt: expect.stringMatching(/^….{1,120}…$/u) as unknown,
        reviewedAt: null,
      }),
    ])
  })

  it('is refused where the policy blocks, at once after it was set', async () => {
    await setPolicy({ input: 'block', words: ['Projekt Falke'] })
    await expect(moderateInput(actor, ['Was ist PROJEKT-FALKE?'], 'messages')).rejects.toMatchObject({ code: 'content_policy_violation', status: 400, param: 'messages' })
    expect(await flags()).toMatchObject([{ action: 'blocked', category: 'own', language: null, word: 'Projekt Falke' }])
    await setPolicy({ input: 'off', words: ['Projekt Falke'] })
    expect(await moderateInput(actor, ['Projekt Falke'])).toMatchObject({ flagged: false })
    expect(await flags()).toHaveLength(1)
  })

  it('is looked at for the categories that were chosen', async () => {
    await setPolicy({ input: 'block', categories: ['profanity'] })
    expect(await moderateInput(actor, ['kill yourself'])).toMatchObject({ flagged: false })
    await expect(moderateInput(actor, ['merde alors'])).rejects.toMatchObject({ code: 'content_policy_violation' })
  })

  it('is looked through to its end, however long it is', async () => {
    await setPolicy({ input: 'block' })
    const line = 'The quick brown fox jumps over the lazy dog.\n'
    await expect(moderateInput(actor, [`${line.repeat(3000)}kill yourself\n${line.repeat(10)}`])).rejects.toMatchObject({ code: 'content_policy_violation' })
    expect(await moderateInput(actor, [line.repeat(3000), 'x'.repeat(200_000)])).toMatchObject({ flagged: false })
  })

  it('says nothing about another tenant’s words', async () => {
    await setPolicy({ input: 'block', words: ['Falke'] })
    const { orgId } = await makeTenant()
    expect(await readModerationPolicy(orgId)).toEqual(DEFAULT_MODERATION)
    expect(await moderateInput({ ...actor, orgId }, ['Falke'])).toMatchObject({ flagged: false })
  })
})

describe('output', () => {
  type Piece = [choice: number, text: string, finish?: 'stop' | 'length']

  /** A worker that says these pieces, a token each, and notes whether it was left before its end. */
  function worker(pieces: readonly Piece[]) {
    const state = { said: 0, left: true }
    async function* events(): AsyncGenerator<WorkerCompletionEvent, void> {
      for (const [index, text, finish] of pieces) {
        state.said++
        yield await Promise.resolve({ choices: [{ index, text, token_ids: [state.said], logprobs: null, finish_reason: finish ?? null }] })
      }
      state.left = false
    }
    return { state, events: events() }
  }

  async function shown(policy: ModerationPolicy, events: AsyncGenerator<WorkerCompletionEvent, void>, count = 1) {
    const texts = Array.from({ length: count }, () => '')
    const tokens = Array.from({ length: count }, () => 0)
    const reasons: (string | null)[] = Array.from({ length: count }, () => null)
    const steps: string[] = []
    for await (const { choices } of moderateOutput(actor, policy, events, count)) {
      for (const { index, text, token_ids, finish_reason } of choices) {
        texts[index] = (texts[index] ?? '') + text
        tokens[index] = (tokens[index] ?? 0) + token_ids.length
        reasons[index] = finish_reason ?? reasons[index] ?? null
        steps.push(text)
      }
    }
    return { texts, tokens, reasons, steps }
  }

  it('that is flagged passes as it comes', async () => {
    const { events } = worker([[0, 'Go '], [0, 'kill'], [0, ' your'], [0, 'self', 'stop']])
    expect(await shown(await setPolicy({ output: 'flag' }), events)).toEqual({
      texts: ['Go kill yourself'],
      tokens: [4],
      reasons: ['stop'],
      steps: ['Go ', 'kill', ' your', 'self'],
    })
    expect(await flags()).toMatchObject([{ direction: 'output', action: 'flagged', category: 'self_harm' }])
  })

  it('that is blocked ends before the word, of which no part is shown, and leaves the worker', async () => {
    const { events, state } = worker([[0, 'Well, just'], [0, ' kill'], [0, ' your'], [0, 'self'], [0, ' now'], [0, ' and'], [0, ' more', 'stop']])
    expect(await shown(await setPolicy({ output: 'block' }), events)).toEqual({ texts: ['Well, just '], tokens: [1], reasons: ['content_filter'], steps: ['Well, just', ' '] })
    expect(state).toEqual({ said: 5, left: true })
    expect(await flags()).toMatchObject([{ action: 'blocked', word: 'kill yourself' }])
  })

  it('that only began like a blocked word is shown in full, its tokens with it', async () => {
    const { events } = worker([[0, 'kill'], [0, ' your'], [0, ' darlings', 'stop']])
    expect(await shown(await setPolicy({ output: 'block' }), events)).toEqual({ texts: ['kill your darlings'], tokens: [3], reasons: ['stop'], steps: ['kill', ' your', ' darlings'] })
    expect(await flags()).toEqual([])
  })

  it('of several choices ends where it is blocked and goes on where it is not', async () => {
    const { events, state } = worker([[0, 'kill yourself '], [1, 'All is'], [0, 'on and on'], [1, ' well', 'stop'], [0, ' and on', 'length']])
    expect(await shown(await setPolicy({ output: 'block' }), events, 2)).toMatchObject({ texts: ['', 'All is well'], reasons: ['content_filter', 'stop'] })
    expect(state).toEqual({ said: 4, left: true })
  })

  it('that ends in the middle of what it may not say is decided at its end', async () => {
    const { events } = worker([[0, 'Now kill yourself', 'length']])
    expect(await shown(await setPolicy({ output: 'block' }), events)).toMatchObject({ texts: ['Now '], reasons: ['content_filter'] })
  })

  it('that nobody has seen yet is withheld as a whole', async () => {
    const policy = await setPolicy({ output: 'block' })
    await expect(moderateWholeOutput(actor, policy, ['Fine.', 'Ich bringe dich um.'])).rejects.toMatchObject({ code: 'content_policy_violation' })
    expect(await flags()).toMatchObject([{ direction: 'output', language: 'de', category: 'violence' }])
  })
})
