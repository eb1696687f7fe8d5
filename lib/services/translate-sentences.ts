import { setMaxListeners } from 'node:events'
import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import { placeTerms, probesFor, renderingOf, type Rendering } from '@/lib/domain/glossary-placement'
import { checkTerms, type TermUse } from '@/lib/domain/glossary-terms'
import { withoutTrailingLoop } from '@/lib/domain/repetition'
import { endsOpen, withEdgesOf } from '@/lib/domain/sentence-edges'
import { sentenceIds, translationBudget, translationPrompt, type TranslationFrame } from '@/lib/domain/translation-prompt'
import type { Span } from '@/lib/domain/word-spans'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'
import { merged } from './async-generators'
import { breather } from './breather'
import { tokensOf } from './metered-completion'
import type { EngineRequest, Meter } from './meter'

/** A sentence to be translated. */
export interface SentenceJob {
  text: string
  /** Its languages, ISO 639-1. */
  source: string
  target: string
  frame: TranslationFrame
  /** The glossary's terms in it. */
  uses: readonly TermUse[]
  /** Keep its letter case at the beginning and its punctuation at the end. */
  preserveFormatting: boolean
  /** Code points of the source, for the account. */
  characters: number
}

export interface FinishedSentence {
  text: string
  /** Where the glossary's terms stand, which no tag may split. */
  kept: readonly Span[]
  /** Terms that the translation had no place for: they were inserted in brackets. */
  inserted: readonly TermUse[]
}

/** Sentences that are decoded at a time, in one batch at the worker. */
const CONCURRENT_SENTENCES = 16

/** The most tokens that these sentences can take, the probes of their terms included. */
export async function sentenceTokens(
  checkpoint: Checkpoint,
  tokenizer: TextTokenizer,
  jobs: readonly SentenceJob[],
): Promise<{ tokens: number; promptTokens: number }> {
  const pause = breather()
  const probes = new Map(jobs.flatMap((job) => job.uses.map((use) => [probeKey(job, use.source), { frame: job.frame, texts: probesFor(use.source, job.source) }])))
  const asked = [...jobs.map(({ frame, text }) => ({ frame, texts: [text] })), ...probes.values()]
  let [tokens, promptTokens] = [0, 0]
  for (const { frame, texts } of asked) {
    for (const text of texts) {
      const request = sentenceRequest(checkpoint, tokenizer, frame, text)
      tokens += tokensOf(request)
      promptTokens += request.prompt.length
    }
    await pause()
  }
  return { tokens, promptTokens }
}

/** The greedy decoding of one sentence. */
function sentenceRequest(checkpoint: Checkpoint, tokenizer: TextTokenizer, frame: TranslationFrame, text: string): EngineRequest & { n: number } {
  const ids = sentenceIds(tokenizer, text)
  const prompt = translationPrompt(frame, ids)
  const room = checkpoint.config.positions - prompt.length
  return { model: checkpoint.name, prompt, n: 1, max_tokens: Math.max(0, Math.min(translationBudget(ids.length), room)), temperature: 0 }
}

function probeKey(job: SentenceJob, term: string): string {
  return `${job.source} ${job.target} ${term}`
}

/**
 * The sentences' translations as they are done, each with its place among the jobs. In each stand
 * all of its glossary terms. Throws what the engine throws, or the signal's reason.
 */
export async function* translateSentences(
  meter: Meter,
  checkpoint: Checkpoint,
  tokenizer: TextTokenizer,
  jobs: readonly SentenceJob[],
  signal: AbortSignal,
): AsyncGenerator<{ index: number; sentence: FinishedSentence }, void> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  // Each sentence in flight listens, and each probe of a term.
  setMaxListeners(0, either)
  const complete = (frame: TranslationFrame, text: string): Promise<string> => translateOne(meter, tokenizer, sentenceRequest(checkpoint, tokenizer, frame, text), either)
  const renderings = new Map<string, Promise<Rendering>>()
  /** How the model renders a term, asked once for all sentences that need it. */
  const render = (job: SentenceJob, term: string): Promise<Rendering> => {
    const key = probeKey(job, term)
    const known = renderings.get(key)
    if (known !== undefined) return known
    const asked = Promise.all(probesFor(term, job.source).map((probe) => complete(job.frame, probe))).then((answers) => renderingOf(answers, job.target))
    // Whoever waits for it hears of it.
    asked.catch(() => undefined)
    renderings.set(key, asked)
    return asked
  }
  const sources = jobs.map((job, index) => async function* () {
    const text = finished(job, await complete(job.frame, job.text))
    yield { index, sentence: await withTerms(job, text, (term) => render(job, term)) }
  })
  for await (const done of merged(sources, CONCURRENT_SENTENCES, () => stop.abort())) {
    meter.characters += jobs[done.index]?.characters ?? 0
    yield done
  }
}

/**
 * Where the model had nothing to say, the sentence stays: nothing is lost. A heading, or a part of a
 * long sentence, does not become a sentence of its own, whatever the model made of it.
 */
function finished({ text, preserveFormatting }: SentenceJob, answer: string): string {
  if (answer === '') return text
  return preserveFormatting || endsOpen(text) ? withEdgesOf(text, answer) : answer
}

async function withTerms({ text: source, uses }: SentenceJob, translation: string, render: (term: string) => Promise<Rendering>): Promise<FinishedSentence> {
  if (uses.length === 0) return { text: translation, kept: [], inserted: [] }
  const missing = [...new Set(checkTerms(uses, translation).missing.map((use) => use.source))]
  const renderings = new Map(await Promise.all(missing.map(async (term): Promise<[string, Rendering]> => [term, await render(term)])))
  const { text, inserted } = placeTerms(source, translation, uses, renderings)
  return { text, kept: checkTerms(uses, text).claimed, inserted }
}

async function translateOne(meter: Meter, tokenizer: TextTokenizer, request: EngineRequest, signal: AbortSignal): Promise<string> {
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
