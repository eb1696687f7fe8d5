import { AppError } from '@/lib/contract/errors'
import { deleteDocument, deleteExpiredDocument, type Document, type DocumentAccess } from '@/lib/db/documents'
import { releaseHold, settleHold } from '@/lib/db/ledger'

/**
 * Deletes a document with its files. One that was being translated is stopped, and what had been
 * translated of it is billed. Throws AppError not_found.
 */
export async function removeDocument(orgId: string, id: string, access: DocumentAccess): Promise<void> {
  const document = await deleteDocument(orgId, id, access)
  if (document === null) throw new AppError('not_found', 'There is no such document.')
  await endAccount(document)
}

/** The same for every document whose time is over. Returns how many. */
export async function removeExpiredDocuments(now = new Date()): Promise<number> {
  for (let count = 0; ; count++) {
    const document = await deleteExpiredDocument(now)
    if (document === null) return count
    await endAccount(document)
  }
}

async function endAccount({ orgId, status, requestId, used }: Document): Promise<void> {
  if (status === 'done' || status === 'error') return
  if (used.promptTokens + used.completionTokens + used.characters === 0) await releaseHold(orgId, requestId)
  else await settleHold(orgId, requestId, used)
}
