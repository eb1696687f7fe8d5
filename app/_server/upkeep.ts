import { pruneAudit } from '@/lib/db/audit'
import { dropUnfinishedBlobs } from '@/lib/db/blobs'
import { pruneChunks } from '@/lib/db/generation-chunks'
import { pruneIdempotent } from '@/lib/db/idempotent-requests'
import { sweepHolds } from '@/lib/db/ledger-sweep'
import { pruneRateBuckets } from '@/lib/db/rate-limit'
import { pruneExpired } from '@/lib/db/retention'
import { noteSweep } from '@/lib/http/process-status'
import { serverContext } from '@/lib/http/server-context'
import { removeExpiredDocuments } from '@/lib/services/remove-document'
import { resumeGenerations } from '@/lib/services/resume-generations'
import { sendQuotaAlerts } from '@/lib/services/send-quota-alerts'

import { documentWorker } from './document-worker'
import { generationContext } from './generation-context'
import { startUsageExports } from './usage-exports'

const TURN_MS = 15_000

/** Chunks of an ended generation are kept this long for pages that still follow it; its text stays. */
const KEEP_CHUNKS_MS = 60 * 60 * 1000

/** What organisations keep for so many days only is looked for this often. */
const SELDOM_MS = 60 * 60 * 1000

/** A task that has nothing to do in most turns. */
function seldom(task: () => Promise<unknown>): () => Promise<void> {
  let next = 0
  return async () => {
    if (Date.now() < next) return
    await task()
    next = Date.now() + SELDOM_MS
  }
}

/**
 * What an app process does beside answering requests, first when it starts and then by turns: takes over answers
 * whose process died, settles or releases what dead requests hold, drops chunks that nobody follows any more
 * and content that its organisation keeps no longer.
 * Any number of processes may do it at once.
 */
export function startUpkeep(): void {
  const tasks = [
    () => resumeGenerations(generationContext()),
    () => sweepHolds().then(noteSweep),
    () => sendQuotaAlerts((error) => serverContext().logger.warn({ err: error }, 'a mail about a quota was not sent; it is tried again')),
    () => pruneChunks(new Date(Date.now() - KEEP_CHUNKS_MS)),
    () => pruneRateBuckets(),
    () => pruneIdempotent(),
    () => {
      documentWorker().wake()
      return Promise.resolve()
    },
    () => removeExpiredDocuments(),
    () => dropUnfinishedBlobs(),
    seldom(() => pruneExpired()),
    seldom(() => pruneAudit(serverContext().env.AUDIT_DAYS)),
  ]
  const turn = async (): Promise<void> => {
    for (const task of tasks) {
      await task().catch((error: unknown) => serverContext().logger.warn({ err: error }, 'upkeep failed; it is tried again'))
    }
    setTimeout(() => void turn(), TURN_MS).unref()
  }
  void turn()
  startUsageExports()
}
