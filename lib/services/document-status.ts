import { AppError } from '@/lib/contract/errors'
import type { DocumentStatusResponse } from '@/lib/contract/deepl-documents'
import { blobPieces, findBlob } from '@/lib/db/blobs'
import { findDocument, type Document, type DocumentAccess } from '@/lib/db/documents'
import { DOCUMENT_FORMATS, isDocumentFormat } from '@/lib/domain/document-formats/formats'

/** Of a document that nobody has begun: a guess, so that whoever waits asks again soon. */
const QUEUED_SECONDS = 5

/** Throws AppError not_found where there is none such, or the key is another one's. */
export async function getDocument(orgId: string, id: string, access: DocumentAccess): Promise<Document> {
  const document = await findDocument(orgId, id, access)
  if (document === null) throw new AppError('not_found', 'There is no such document.')
  return document
}

export function documentStatus(document: Document, now = Date.now()): DocumentStatusResponse {
  const { id, status, characters, error, remarks } = document
  return {
    document_id: id,
    status,
    ...(status === 'queued' || status === 'translating' ? { seconds_remaining: secondsRemaining(document, now) } : {}),
    ...(status === 'done' ? { billed_characters: characters } : {}),
    ...(error === null ? {} : { error_message: error }),
    ...(remarks.length > 0 ? { parley_remarks: remarks } : {}),
  }
}

/** By the pace until now. */
export function secondsRemaining({ startedAt, sentencesDone, sentencesTotal }: Document, now: number): number {
  if (startedAt === null || sentencesDone === 0) return QUEUED_SECONDS
  const elapsed = Math.max(0, now - startedAt.getTime())
  return Math.ceil(((elapsed / sentencesDone) * (sentencesTotal - sentencesDone)) / 1000)
}

/**
 * The translated file, piece by piece. Throws AppError document_not_ready while there is none, and
 * invalid_request where there will never be.
 */
export async function documentResult(document: Document): Promise<Response> {
  const { orgId, status, outputSha256, error, filename, format, targetLang } = document
  if (status === 'error') throw new AppError('invalid_request', `The document could not be translated: ${error ?? 'unknown error'}`)
  const blob = outputSha256 === null ? null : await findBlob(orgId, outputSha256)
  if (blob === null) throw new AppError('document_not_ready', 'The document is still being translated.', { retryAfter: 1 })
  const name = translatedName(filename, targetLang)
  return new Response(streamOf(blobPieces(orgId, blob.sha256)), {
    headers: {
      'content-type': isDocumentFormat(format) ? DOCUMENT_FORMATS[format].mediaType : 'application/octet-stream',
      'content-length': String(blob.bytes),
      'content-disposition': `attachment; filename="${name.replaceAll(/[^\x20-\x7e]|["\\]/gu, '_')}"; filename*=UTF-8''${encodeURIComponent(name)}`,
      // The file is somebody's own, whatever it says it is.
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  })
}

/** letter.docx in French is letter.fr.docx. */
function translatedName(filename: string, target: string): string {
  return filename.replace(/(\.[^.]+)$/u, (extension) => `.${target.toLowerCase()}${extension}`)
}

function streamOf(pieces: AsyncGenerator<Uint8Array<ArrayBuffer>, void>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await pieces.return()
    },
  })
}
