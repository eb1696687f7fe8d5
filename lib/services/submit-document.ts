import { createHash, randomBytes } from 'node:crypto'
import type { CheckpointRegistry } from '@/lib/checkpoints/registry'
import { AppError } from '@/lib/contract/errors'
import { countUnfinishedDocuments } from '@/lib/db/document-work'
import { createDocument, type Document } from '@/lib/db/documents'
import { placeHold, releaseHold } from '@/lib/db/ledger'
import { DOCUMENT_FORMATS, formatOfName } from '@/lib/domain/document-formats/formats'
import { baseLanguage } from '@/lib/domain/language-tags'
import type { Caller } from './caller'
import { glossaryTerms } from './glossaries'
import { translationModel } from './list-models'
import { moderateInput } from './moderation'
import { planDocument } from './plan-document'
import { requireFeature } from './require-feature'
import type { Runtime } from './runtime'
import { sentenceTokens } from './translate-sentences'
import { openTranslator } from './translation-jobs'

export interface DocumentRequest {
  filename: string
  file: Uint8Array
  /** null: told from the text. */
  source: string | null
  target: string
  glossaryId: string | null
}

/** A process that is held up this long, or dead, leaves a hold that the sweeper looks at; it leaves those of waiting documents alone. */
const HOLD_SECONDS = 60 * 60

/** A document that nobody comes to translate in that time is given up. */
const WAITING_MS = 7 * 24 * 60 * 60 * 1000

const MOST_UNFINISHED = 100

export const FORMAT_NAMES = Object.values(DOCUMENT_FORMATS)
  .map(({ extensions: [extension] }) => extension)
  .join(', ')

/**
 * Takes a file in to be translated: reads it, holds what it can cost, and puts it in the queue. The
 * key is told this once; status and result are asked for with it. Throws AppError invalid_request for
 * a file, languages or a glossary that cannot be, insufficient_quota, rate_limit_exceeded where too
 * many wait.
 */
export async function submitDocument(
  runtime: Runtime,
  registry: CheckpointRegistry,
  caller: Caller,
  request: DocumentRequest,
): Promise<{ document: Document; key: string }> {
  await requireFeature('translate')
  await requireFeature('documents')
  const { orgId, userId, keyId, requestId } = caller
  const { filename, file, target, glossaryId } = request
  const format = formatOfName(filename)
  if (format === null) throw new AppError('invalid_request', `“${filename}” cannot be translated: its name must end in one of ${FORMAT_NAMES}.`, { param: 'file' })
  if ((await countUnfinishedDocuments(orgId)) >= MOST_UNFINISHED) {
    throw new AppError('rate_limit_exceeded', `${MOST_UNFINISHED} documents are waiting already. Send this one when some of them are done.`, { retryAfter: 60 })
  }
  const languages = { source: request.source === null ? null : baseLanguage(request.source), target }
  const glossary = glossaryId === null ? null : await glossaryTerms(orgId, glossaryId, languages)
  const checkpoint = await translationModel(registry)
  const translator = await openTranslator(runtime, { checkpoint, target, glossary, preserveFormatting: true })
  const plan = await planDocument(translator, file, { format, ...languages })
  await moderateInput(caller, [plan.text], 'file')
  const cost = { ...(await sentenceTokens(checkpoint, translator.tokenizer, [...plan.jobs.values()])), characters: plan.document.characters }
  await placeHold(orgId, { requestId, userId, keyId, model: checkpoint.name, feature: 'translate', ...cost, ttlSeconds: HOLD_SECONDS })
  const key = randomBytes(32).toString('hex').toUpperCase()
  try {
    const document = await createDocument(
      {
        orgId,
        userId,
        keyId,
        requestId,
        accessHash: documentKeyHash(key),
        filename,
        format,
        model: checkpoint.name,
        sourceLang: plan.source,
        targetLang: target,
        glossaryId,
        characters: plan.document.characters,
        sentencesTotal: plan.jobs.size,
        expiresAt: new Date(Date.now() + WAITING_MS),
      },
      file,
    )
    return { document, key }
  } catch (error) {
    await releaseHold(orgId, requestId)
    throw error
  }
}

export function documentKeyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
