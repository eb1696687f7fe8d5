import type { DocumentItem, GlossaryItem } from '@/lib/contract/browser-translation'
import type { Document } from '@/lib/db/documents'
import type { Glossary } from '@/lib/db/glossaries'
import { secondsRemaining } from './document-status'

/** A document as the pages show it. */
export function documentItem(document: Document, now = Date.now()): DocumentItem {
  const { status } = document
  return {
    id: document.id,
    filename: document.filename,
    source: document.sourceLang,
    target: document.targetLang,
    status,
    sentencesDone: document.sentencesDone,
    sentencesTotal: document.sentencesTotal,
    secondsRemaining: status === 'translating' && document.sentencesDone > 0 ? secondsRemaining(document, now) : null,
    characters: document.characters,
    error: document.error,
    remarks: document.remarks,
    createdAt: document.createdAt.toISOString(),
    expiresAt: document.expiresAt.toISOString(),
  }
}

/** A glossary as the pages list it. */
export function glossaryItem({ id, name, sourceLang, targetLang, entryCount, updatedAt }: Glossary): GlossaryItem {
  return { id, name, source: sourceLang, target: targetLang, entryCount, updatedAt: updatedAt.toISOString() }
}
