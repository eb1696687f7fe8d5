import { deleteExpiredDocument } from './documents'
import { withOperator, type Transaction } from './tenant'

/** So many rows in one transaction, so that none is long. */
const BATCH = 500

export interface Pruned {
  conversations: number
  drafts: number
  documents: number
  corrections: number
  flags: number
}

/**
 * As the operator: removes what is older than its organisation keeps it. A conversation is as old as
 * its last message; what is still being written stays. Usage, the audit log and glossaries are no
 * content and stay. Any number of processes may do it at once.
 */
export async function pruneExpired(now = new Date()): Promise<Pruned> {
  return {
    conversations: await inBatches((tx) => tx.$executeRaw`
      DELETE FROM conversations WHERE id IN (
        SELECT c.id FROM conversations c JOIN privacy_settings s ON s.org_id = c.org_id
        WHERE c.updated_at < ${now}::timestamptz - make_interval(days => s.retention_days)
          AND NOT EXISTS (SELECT FROM generations g WHERE g.conversation_id = c.id AND g.status = 'running')
        LIMIT ${BATCH}::int FOR UPDATE OF c SKIP LOCKED)`),
    drafts: await inBatches((tx) => tx.$executeRaw`
      DELETE FROM generations WHERE id IN (
        SELECT g.id FROM generations g JOIN privacy_settings s ON s.org_id = g.org_id
        WHERE g.conversation_id IS NULL AND g.status <> 'running'
          AND g.finished_at < ${now}::timestamptz - make_interval(days => s.retention_days)
        LIMIT ${BATCH}::int FOR UPDATE OF g SKIP LOCKED)`),
    documents: await expireDocuments(now),
    corrections: await inBatches((tx) => tx.$executeRaw`
      DELETE FROM translation_corrections WHERE id IN (
        SELECT t.id FROM translation_corrections t JOIN privacy_settings s ON s.org_id = t.org_id
        WHERE t.created_at < ${now}::timestamptz - make_interval(days => s.retention_days)
        LIMIT ${BATCH}::int FOR UPDATE OF t SKIP LOCKED)`),
    flags: await inBatches((tx) => tx.$executeRaw`
      DELETE FROM moderation_flags WHERE id IN (
        SELECT f.id FROM moderation_flags f JOIN privacy_settings s ON s.org_id = f.org_id
        WHERE f.created_at < ${now}::timestamptz - make_interval(days => s.retention_days)
        LIMIT ${BATCH}::int FOR UPDATE OF f SKIP LOCKED)`),
  }
}

async function inBatches(remove: (tx: Transaction) => Promise<number>): Promise<number> {
  for (let total = 0; ; ) {
    const removed = await withOperator(remove)
    total += removed
    if (removed < BATCH) return total
  }
}

/** They go with their files, as those do whose own time has passed. */
async function expireDocuments(now: Date): Promise<number> {
  await withOperator((tx) => tx.$executeRaw`
    UPDATE documents d SET expires_at = ${now}::timestamptz - interval '1 second' FROM privacy_settings s
    WHERE s.org_id = d.org_id AND d.status IN ('done', 'error') AND d.expires_at >= ${now}
      AND d.finished_at < ${now}::timestamptz - make_interval(days => s.retention_days)`)
  for (let count = 0; ; count++) if ((await deleteExpiredDocument(now)) === null) return count
}
