import type { Rate } from '@/lib/domain/rate-limits'
import { appClient } from './client'
import { withOperator } from './tenant'

/** A token bucket after, or where it refused before, something was taken from it. */
export interface BucketState {
  admitted: boolean
  /** Its name, as in `key:ID`. */
  bucket: string
  limit: number
  remaining: number
  /** Until it is full again. */
  fullAfterMs: number
  /** Until it admits what it refused; 0 where it admitted it. */
  retryAfterMs: number
}

interface TakenRow {
  admitted: boolean
  bucket: string
  bucket_limit: bigint
  remaining: bigint
  full_after_ms: bigint
  retry_after_ms: bigint
}

/** Takes one from a bucket, which is made full where it is not there. One round trip. */
export async function takeRateTokens(bucket: string, { limit, seconds }: Rate): Promise<BucketState> {
  const rows = await appClient().$queryRaw<TakenRow[]>`SELECT * FROM take_rate(ARRAY[${bucket}], ARRAY[${limit}::bigint], ARRAY[${seconds}::bigint], 1::bigint)`
  const [row] = rows
  if (row === undefined) throw new Error('take_rate answers with one row for a bucket.')
  return {
    admitted: row.admitted,
    bucket: row.bucket,
    limit: Number(row.bucket_limit),
    remaining: Number(row.remaining),
    fullAfterMs: Number(row.full_after_ms),
    retryAfterMs: Number(row.retry_after_ms),
  }
}

/** Buckets that were left alone for so long are full, and a missing one is full as well. */
const KEPT_MS = 24 * 60 * 60 * 1000

/** As the operator; returns how many went. */
export function pruneRateBuckets(now = new Date()): Promise<number> {
  const before = BigInt(now.getTime() - KEPT_MS) * 1000n
  return withOperator(
    (tx) => tx.$executeRaw`DELETE FROM rate_buckets WHERE name IN (SELECT name FROM rate_buckets WHERE refilled_us < ${before} FOR UPDATE SKIP LOCKED)`,
  )
}
