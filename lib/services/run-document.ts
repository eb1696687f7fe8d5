import { setMaxListeners } from 'node:events'
import { AppError } from '@/lib/contract/errors'
import { readBlob } from '@/lib/db/blobs'
import { failDocument, finishDocument, readSentences, releaseDocument, saveProgress, type ClaimedDocument } from '@/lib/db/document-work'
import { readModerationPolicy } from '@/lib/db/privacy-settings'
import { isDocumentFormat } from '@/lib/domain/document-formats/formats'
import { markTranslated } from '@/lib/domain/document-formats/generated-mark'
import { checkTerms } from '@/lib/domain/glossary-terms'
import type { Span } from '@/lib/domain/word-spans'
import type { Caller } from './caller'
import { glossaryTerms } from './glossaries'
import { Meter } from './meter'
import { moderateWholeOutput } from './moderation'
import { planDocument, type DocumentPlan } from './plan-document'
import type { GenerationContext } from './run-generation'
import { translateSentences } from './translate-sentences'
import { openTranslator } from './translation-jobs'

export const DOCUMENT_LEASE_SECONDS = 15

/** How often what is done is stored and the lease renewed. */
const SAVE_MS = 1000

/** What went wrong at the model server is tried again after this long. */
const RETRY_SECONDS = 10

/** Terms and blocks that a document's remarks name. */
const MOST_REMARKS = 20

/** Reasons that pass by themselves. */
const PASSING = new Set(['engine_unavailable', 'overloaded', 'model_unavailable'])

/** Document and files are deleted this long after the end. */
export function documentExpiry(): Date {
  return new Date(Date.now() + 24 * 60 * 60 * 1000)
}

/**
 * Translates a document under its lease, from its first sentence or from where another process left
 * it, to its file and its one usage event. A document that fails is not billed.
 */
export async function runDocument(context: GenerationContext, claim: ClaimedDocument, signal: AbortSignal): Promise<void> {
  const { document, lease, plan } = claim
  const { orgId, userId, keyId, requestId } = document
  const caller: Caller = { orgId, userId, keyId, requestId, plan }
  const meter = await Meter.resume(context.runtime.engine, caller, document.used, lease.epoch)
  try {
    const work = await translateDocument(context, claim, caller, meter, signal)
    meter.characters = document.characters
    await meter.close(false)
    await finishDocument(lease, { ...work, used: { ...meter.usage, characters: document.characters }, expiresAt: documentExpiry() })
  } catch (error) {
    if (error instanceof LeaseLost) {
      meter.abandon()
    } else if (signal.aborted || (error instanceof AppError && PASSING.has(error.code))) {
      meter.abandon()
      await releaseDocument(lease, signal.aborted ? 0 : RETRY_SECONDS)
    } else {
      if (!(error instanceof AppError)) context.report(error, document.id)
      const message = error instanceof AppError ? error.message : 'The document could not be translated.'
      if (await failDocument(lease, message, documentExpiry())) await meter.release()
      else meter.abandon()
    }
  }
}

/** Another process has it, or it was deleted. */
class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

async function translateDocument(
  context: GenerationContext,
  { document, lease }: ClaimedDocument,
  caller: Caller,
  meter: Meter,
  signal: AbortSignal,
): Promise<{ file: Uint8Array; remarks: string[] }> {
  const { runtime, registry } = context
  const { orgId, sourceLang: source, targetLang: target, format, glossaryId } = document
  const file = document.inputSha256 === null ? null : await readBlob(orgId, document.inputSha256)
  if (file === null) throw new AppError('not_found', 'The file is no longer there.')
  const checkpoint = await registry.find(document.model)
  if (checkpoint === null) throw new AppError('model_not_found', `The model ${document.model} is no longer installed.`)
  const glossary = glossaryId === null ? null : await glossaryTerms(orgId, glossaryId, { source, target })
  const translator = await openTranslator(runtime, { checkpoint, target, glossary, preserveFormatting: true })
  // A document in the target's language was let through as it is; its language must not be named then.
  const plan = await planDocument(translator, file, { format, source: source === translator.target ? null : source, target })
  const done = await readSentences(lease)
  const open = [...plan.jobs].filter(([digest]) => !done.has(digest))

  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  setMaxListeners(0, either)
  let unsaved: { digest: string; translation: string }[] = []
  let lastSave = Date.now()
  const save = async (): Promise<void> => {
    const sentences = unsaved
    unsaved = []
    lastSave = Date.now()
    const used = { ...meter.usage, characters: meter.characters }
    if (!(await saveProgress(lease, { sentences, sentencesDone: done.size, used }, DOCUMENT_LEASE_SECONDS))) throw new LeaseLost()
  }
  // While a sentence takes its time, the lease is renewed all the same.
  let renewal: Promise<void> = Promise.resolve()
  const lost: { reason: Error | null } = { reason: null }
  const timer = setInterval(() => {
    if (Date.now() - lastSave < SAVE_MS) return
    renewal = renewal.then(save).catch((error: unknown) => {
      lost.reason ??= asError(error)
      stop.abort()
    })
  }, SAVE_MS)
  let failure: Error | null = null
  try {
    await save()
    for await (const { index, sentence } of translateSentences(meter, checkpoint, translator.tokenizer, open.map(([, job]) => job), either)) {
      const digest = open[index]?.[0] ?? ''
      done.set(digest, sentence.text)
      unsaved.push({ digest, translation: sentence.text })
    }
  } catch (error) {
    failure = asError(error)
  } finally {
    clearInterval(timer)
    await renewal
  }
  if (lost.reason !== null) throw lost.reason
  if (failure !== null) {
    // Whoever goes on need not do again what was done.
    await save().catch(() => undefined)
    throw failure
  }
  await moderateWholeOutput(caller, await readModerationPolicy(orgId), [...done.values()])
  const assembled = await assemble(plan, done)
  await save()
  return isDocumentFormat(format) ? { ...assembled, file: markTranslated(format, assembled.file, document.model) } : assembled
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}

async function assemble({ document, digests, jobs }: DocumentPlan, done: ReadonlyMap<string, string>): Promise<{ file: Uint8Array; remarks: string[] }> {
  const inserted = new Set<string>()
  const sentences = digests.map((digest): { text: string; kept: readonly Span[] } => {
    const job = jobs.get(digest)
    const text = done.get(digest) ?? job?.text ?? ''
    const uses = job?.uses ?? []
    for (const { source, target } of uses) if (text.includes(`(${target})`)) inserted.add(`${source} → ${target}`)
    return { text, kept: uses.length === 0 ? [] : checkTerms(uses, text).claimed }
  })
  const { file, left } = await document.assemble(sentences)
  const remarks = [
    ...[...inserted].slice(0, MOST_REMARKS).map((term) => `A glossary term found no place and stands in brackets: ${term}.`),
    ...left.slice(0, MOST_REMARKS).map((text) => `Left in its own language, since a placeholder or tag would have been lost: “${text.slice(0, 100)}”.`),
  ]
  return { file, remarks }
}
