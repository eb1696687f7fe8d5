import { planSchema, type Plan } from '@/lib/domain/plans'
import { addBlob, dropBlob } from './blobs'
import { documentFromRow, type Document } from './documents'
import { storableText } from './storable-text'
import { withOperator, withTenant, type Transaction } from './tenant'

/** The right to work on a document: everything is written only while `epoch` is the latest. */
export interface DocumentLease {
  documentId: string
  orgId: string
  epoch: number
}

export interface ClaimedDocument {
  document: Document
  lease: DocumentLease
  plan: Plan
}

/**
 * Takes the document that has waited longest, of the tenant for which the fewest are being worked
 * on: one that nobody has begun, or whose lease ran out. null where there is none. Safe to call
 * from many processes.
 */
export async function claimDocument(leaseOwner: string, leaseSeconds: number): Promise<ClaimedDocument | null> {
  return withOperator(async (tx) => {
    const claimed = await tx.$queryRaw<{ id: string }[]>`
      UPDATE documents SET status = 'translating', lease_owner = ${leaseOwner}, lease_epoch = lease_epoch + 1,
        lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds}), started_at = coalesce(started_at, clock_timestamp())
      WHERE id = (
        SELECT d.id FROM documents d JOIN organizations o ON o.id = d.org_id
        WHERE d.status IN ('queued', 'translating') AND (d.lease_until IS NULL OR d.lease_until < clock_timestamp()) AND o.suspended_at IS NULL
        ORDER BY (SELECT count(*) FROM documents other
          WHERE other.org_id = d.org_id AND other.status = 'translating' AND other.lease_until >= clock_timestamp()), d.created_at, d.id
        LIMIT 1 FOR UPDATE OF d SKIP LOCKED)
      RETURNING id`
    const id = claimed[0]?.id
    if (id === undefined) return null
    const { organization, ...row } = await tx.document.findUniqueOrThrow({ where: { id }, include: { organization: { select: { plan: true } } } })
    return { document: documentFromRow(row), lease: { documentId: id, orgId: row.orgId, epoch: row.leaseEpoch }, plan: planSchema.parse(organization.plan) }
  })
}

/** The sentences that are done, by the digest of their source. */
export async function readSentences({ orgId, documentId }: DocumentLease): Promise<Map<string, string>> {
  const rows = await withTenant(orgId, (tx) => tx.documentSentence.findMany({ where: { orgId, documentId } }))
  return new Map(rows.map(({ digest, translation }) => [digest, translation]))
}

export interface DocumentProgress {
  sentences: readonly { digest: string; translation: string }[]
  sentencesDone: number
  /** Over all who worked on it. */
  used: Document['used']
}

/** Stores what was done and renews the lease. False: the lease was lost or the document deleted, and nothing was written. */
export async function saveProgress(lease: DocumentLease, { sentences, sentencesDone, used }: DocumentProgress, leaseSeconds: number): Promise<boolean> {
  const { orgId, documentId } = lease
  return withTenant(orgId, async (tx) => {
    const data = { sentencesDone, leaseUntil: new Date(Date.now() + leaseSeconds * 1000), ...usedColumns(used) }
    if (!(await write(tx, lease, data))) return false
    if (sentences.length > 0) {
      await tx.documentSentence.createMany({
        data: sentences.map(({ digest, translation }) => ({ orgId, documentId, digest, translation: storableText(translation) })),
        skipDuplicates: true,
      })
    }
    return true
  })
}

export interface DocumentResult {
  file: Uint8Array
  remarks: readonly string[]
  used: Document['used']
  /** When document and files are deleted. */
  expiresAt: Date
}

/** Stores the translated file and ends the work. False: the lease was lost or the document deleted. */
export async function finishDocument(lease: DocumentLease, { file, remarks, used, expiresAt }: DocumentResult): Promise<boolean> {
  const { orgId, documentId } = lease
  return withTenant(orgId, async (tx) => {
    const { sha256 } = await addBlob(tx, orgId, file)
    const written = await write(tx, lease, {
      status: 'done',
      outputSha256: sha256,
      remarks: remarks.map(storableText),
      finishedAt: new Date(),
      expiresAt,
      ...NOBODY,
      ...usedColumns(used),
    })
    if (!written) await dropBlob(tx, orgId, sha256)
    else await tx.documentSentence.deleteMany({ where: { orgId, documentId } })
    return written
  })
}

/** Ends the work with what went wrong, for whoever asks. False: the lease was lost or the document deleted. */
export async function failDocument(lease: DocumentLease, error: string, expiresAt: Date): Promise<boolean> {
  const { orgId, documentId } = lease
  return withTenant(orgId, async (tx) => {
    if (!(await write(tx, lease, { status: 'error', error: storableText(error), finishedAt: new Date(), expiresAt, ...NOBODY }))) return false
    await tx.documentSentence.deleteMany({ where: { orgId, documentId } })
    return true
  })
}

/** Lets another process go on with it, at once or after so many seconds. */
export async function releaseDocument(lease: DocumentLease, afterSeconds = 0): Promise<void> {
  await withTenant(lease.orgId, (tx) => write(tx, lease, { leaseOwner: null, leaseUntil: new Date(Date.now() + afterSeconds * 1000) }))
}

/** Of one tenant, or of all where it is null: documents that are waiting or being worked on. */
export async function countUnfinishedDocuments(orgId: string): Promise<number> {
  return withTenant(orgId, (tx) => tx.document.count({ where: { orgId, status: { in: ['queued', 'translating'] } } }))
}

const NOBODY = { leaseOwner: null, leaseUntil: null } as const

type DocumentData = Parameters<Transaction['document']['updateMany']>[0]['data']

async function write(tx: Transaction, { orgId, documentId, epoch }: DocumentLease, data: DocumentData): Promise<boolean> {
  const { count } = await tx.document.updateMany({ where: { orgId, id: documentId, status: 'translating', leaseEpoch: epoch }, data })
  return count === 1
}

function usedColumns({ promptTokens, completionTokens, characters }: Document['used']) {
  return { promptTokens, completionTokens, usedCharacters: characters }
}
