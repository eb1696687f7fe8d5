import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import { translationBudget, translationPrompt, type TranslationFrame } from '@/lib/domain/translation-prompt'
import { withoutTrailingLoop } from '@/lib/domain/repetition'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'
import { merged } from './async-generators'
import type { EngineRequest, Meter } from './meter'

/** A sentence to be translated. */
export interface SentenceJob {
  frame: TranslationFrame
  ids: readonly number[]
  /** Code points of the source, for the account. */
  characters: number
}

/** Sentences that are decoded at a time, in one batch at the worker. */
const CONCURRENT_SENTENCES = 16

/** The greedy decoding of one sentence. */
export function sentenceRequest(checkpoint: Checkpoint, { frame, ids }: SentenceJob): EngineRequest & { n: number } {
  const prompt = translationPrompt(frame, ids)
  const room = checkpoint.config.positions - prompt.length
  return { model: checkpoint.name, prompt, n: 1, max_tokens: Math.max(0, Math.min(translationBudget(ids.length), room)), temperature: 0 }
}

/** All sentences' translations, in their order. Throws what the engine throws, or the signal's reason. */
export async function translateSentences(
  meter: Meter,
  checkpoint: Checkpoint,
  tokenizer: TextTokenizer,
  jobs: readonly SentenceJob[],
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<string[]> {
  const translations: string[] = jobs.map(() => '')
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const sources = jobs.map((job, index) => async function* () {
    yield { index, text: await translateSentence(meter, tokenizer, sentenceRequest(checkpoint, job), either), characters: job.characters }
  })
  let done = 0
  for await (const { index, text, characters } of merged(sources, CONCURRENT_SENTENCES, () => stop.abort())) {
    translations[index] = text
    meter.characters += characters
    onProgress(++done)
  }
  return translations
}

async function translateSentence(meter: Meter, tokenizer: TextTokenizer, request: EngineRequest, signal: AbortSignal): Promise<string> {
  const ids: number[] = []
  let ranOut = false
  for await (const { choices } of meter.complete(request, signal)) {
    for (const choice of choices) {
      ids.push(...choice.token_ids)
      if (choice.finish_reason === 'length') ranOut = true
    }
  }
  return tokenizer.decode(ranOut ? withoutTrailingLoop(ids) : ids, { skipSpecial: true }).trim()
}
