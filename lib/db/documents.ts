import { z } from 'zod'
import { addBlob, dropBlob } from './blobs'
import type { Document as DocumentRow, DocumentStatus } from './generated/client'
import { storableText } from './storable-text'
import { withOperator, withTenant, type Transaction } from './tenant'
import { isUuid } from './uuid'

/** A file to be translated, being translated, or done. */
export interface Document {
  id: string
  orgId: string
  userId: string | null
  keyId: string | null
  /** The ledger's key of this request. */
  requestId: string
  filename: string
  format: string
  model: string
  /** ISO 639-1, lower case. */
  sourceLang: string
  /** As it was asked for: EN-US. */
  targetLang: string
  glossaryId: string | null
  status: DocumentStatus
  inputSha256: string | null
  outputSha256: string | null
  /** Code points of what is translated, as billed. */
  characters: number
  sentencesTotal: number
  sentencesDone: number
  /** What was used so far, over all who worked on it. */
  used: { promptTokens: number; completionTokens: number; characters: number }
  /** What could not be done as asked, a sentence each. */
  remarks: string[]
  error: string | null
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  expiresAt: Date
}

export interface NewDocument {
  orgId: string
  userId: string | null
  keyId: string | null
  requestId: string
  /** sha256 of the key that status and result are asked for with, hex. */
  accessHash: string
  filename: string
  format: string
  model: string
  sourceLang: string
  targetLang: string
  glossaryId: string | null
  characters: number
  sentencesTotal: number
  expiresAt: Date
}

/** Whose document it must be: that of a person, or of whoever has its key. */
export type DocumentAccess = { userId: string } | { accessHash: string }

const remarks = z.array(z.string())

/** The row and its file, in one transaction; it waits for a process to take it. */
export async function createDocument(document: NewDocument, file: Uint8Array): Promise<Document> {
  const { orgId, filename, ...rest } = document
  return withTenant(orgId, async (tx) => {
    const { sha256 } = await addBlob(tx, orgId, file)
    return documentFromRow(await tx.document.create({ data: { orgId, filename: storableText(filename), ...rest, inputSha256: sha256 } }))
  })
}

/** null where there is none such, or it is another one's. */
export async function findDocument(orgId: string, id: string, access: DocumentAccess): Promise<Document | null> {
  if (!isUuid(id)) return null
  const row = await withTenant(orgId, (tx) => tx.document.findFirst({ where: { orgId, id, ...access, expiresAt: { gt: new Date() } } }))
  return row && documentFromRow(row)
}

/** The person's, latest first. */
export async function listDocuments(orgId: string, userId: string, limit: number): Promise<Document[]> {
  const rows = await withTenant(orgId, (tx) =>
    tx.document.findMany({ where: { orgId, userId, expiresAt: { gt: new Date() } }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit }),
  )
  return rows.map(documentFromRow)
}

/**
 * Deletes it with its files; whoever works on it finds out with the next thing it would store.
 * Returns what was deleted; null where there is none such.
 */
export async function deleteDocument(orgId: string, id: string, access: DocumentAccess): Promise<Document | null> {
  if (!isUuid(id)) return null
  return withTenant(orgId, async (tx) => {
    const [locked] = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM documents WHERE org_id = ${orgId}::uuid AND id = ${id}::uuid FOR UPDATE`
    const row = locked && (await tx.document.findFirst({ where: { orgId, id, ...access } }))
    if (!row) return null
    await dropDocument(tx, row)
    return documentFromRow(row)
  })
}

/** As the operator: deletes one document that has expired, with its files, and says which; null where there is none. */
export async function deleteExpiredDocument(now = new Date()): Promise<Document | null> {
  return withOperator(async (tx) => {
    const [found] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM documents WHERE expires_at < ${now} ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED`
    if (found === undefined) return null
    const row = await tx.document.findUniqueOrThrow({ where: { id: found.id } })
    await dropDocument(tx, row)
    return documentFromRow(row)
  })
}

async function dropDocument(tx: Transaction, { id, orgId, inputSha256, outputSha256 }: DocumentRow): Promise<void> {
  await tx.document.delete({ where: { id } })
  for (const sha256 of [inputSha256, outputSha256]) if (sha256 !== null) await dropBlob(tx, orgId, sha256)
}

export function documentFromRow(row: DocumentRow): Document {
  return {
    id: row.id,
    orgId: row.orgId,
    userId: row.userId,
    keyId: row.keyId,
    requestId: row.requestId,
    filename: row.filename,
    format: row.format,
    model: row.model,
    sourceLang: row.sourceLang,
    targetLang: row.targetLang,
    glossaryId: row.glossaryId,
    status: row.status,
    inputSha256: row.inputSha256,
    outputSha256: row.outputSha256,
    characters: Number(row.characters),
    sentencesTotal: row.sentencesTotal,
    sentencesDone: row.sentencesDone,
    used: { promptTokens: Number(row.promptTokens), completionTokens: Number(row.completionTokens), characters: Number(row.usedCharacters) },
    remarks: remarks.parse(row.remarks),
    error: row.error,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    expiresAt: row.expiresAt,
  }
}
