import { createHash } from 'node:crypto'
import { AppError } from '@/lib/contract/errors'
import { parseDocument, isDocumentFormat } from '@/lib/domain/document-formats/formats'
import { DocumentError, type ParsedDocument } from '@/lib/domain/document-formats/document'
import { documentText, translatableDocument, type TranslatableDocument } from '@/lib/domain/document-formats/translatable-document'
import { breather } from './breather'
import type { SentenceJob } from './translate-sentences'
import { detectSource, jobMaker, sentenceCutter, type Translator } from './translation-jobs'

/** A document ready to be translated. */
export interface DocumentPlan {
  /** ISO 639-1. */
  source: string
  text: string
  document: TranslatableDocument
  /** By sentence: the digest of its source. */
  digests: string[]
  /** The sentences that the model is asked for, each once. */
  jobs: Map<string, SentenceJob>
}

/**
 * Takes a file apart into what there is to do. A document whose language was told and is the target's
 * has nothing to do. Throws AppError invalid_request for a file that is not what its name says, or
 * languages that the model does not translate between.
 */
export async function planDocument(
  translator: Translator,
  file: Uint8Array,
  { format, source, target }: { format: string; source: string | null; target: string },
): Promise<DocumentPlan> {
  const pause = breather()
  const parsed = readDocument(format, file, target)
  const text = documentText(parsed)
  const language = source ?? detectSource(translator, text)
  if (source === null && language === translator.target) {
    const document = await translatableDocument(parsed, () => (block) => [{ kind: 'gap', text: block }], pause)
    return { source: language, text, document, digests: [], jobs: new Map() }
  }
  const document = await translatableDocument(parsed, (mode) => sentenceCutter(translator, language, mode), pause)
  const job = jobMaker(translator, language)
  const digests = document.sentences.map(digestOf)
  const jobs = new Map<string, SentenceJob>()
  for (const [index, digest] of digests.entries()) {
    if (!jobs.has(digest)) jobs.set(digest, job(document.sentences[index] ?? ''))
    await pause()
  }
  return { source: language, text, document, digests, jobs }
}

function readDocument(format: string, file: Uint8Array, target: string): ParsedDocument {
  if (!isDocumentFormat(format)) throw new AppError('invalid_request', `Files of the format ${format} are not translated.`, { param: 'file' })
  try {
    return parseDocument(format, file, { target: languageOfFile(target) })
  } catch (cause) {
    if (cause instanceof DocumentError) throw new AppError('invalid_request', cause.message, { param: 'file', cause })
    throw cause
  }
}

/** As files name a language: fr, en-US. */
function languageOfFile(target: string): string {
  const [language = '', region] = target.split('-')
  return region === undefined ? language.toLowerCase() : `${language.toLowerCase()}-${region.toUpperCase()}`
}

function digestOf(sentence: string): string {
  return createHash('sha256').update(sentence).digest('hex')
}
