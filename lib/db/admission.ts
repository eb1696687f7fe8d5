import type { Plan } from '@/lib/domain/plans'
import type { RateLimits } from '@/lib/domain/rate-limits'
import { appClient } from './client'
import type { BucketState } from './rate-limit'

/** What a presented key stands for, whatever its state: the caller judges. */
export interface ApiKeyIdentity {
  keyId: string
  orgId: string
  plan: Plan
  scopes: string[]
  expiresAt: Date | null
  revokedAt: Date | null
  orgSuspendedAt: Date | null
}

export interface Admission {
  /** Null where there is no such key. */
  identity: ApiKeyIdentity | null
  /** The bucket that refuses, or the one that has least left; null where nothing is limited. */
  requests: BucketState | null
  /** The tenant's tokens of this minute, of which nothing was taken yet; null where there is no limit or no valid key. */
  tokens: { limit: number; remaining: number; fullAfterMs: number } | null
}

interface AdmissionRow {
  key_id: string | null
  org_id: string
  plan: Plan
  scopes: string[]
  expires_at: Date | null
  revoked_at: Date | null
  org_suspended_at: Date | null
  admitted: boolean
  bucket: string | null
  bucket_limit: bigint
  remaining: bigint
  full_after_ms: bigint
  retry_after_ms: bigint
  token_limit: bigint | null
  tokens_remaining: bigint
  tokens_full_after_ms: bigint
}

/**
 * Looks a key up, takes a request from the buckets of the key, its tenant and its address, and keeps its last use by
 * the minute: one statement, before any tenant is known. `hash` is null where no key was sent, and then, as for a key
 * that is not valid, the address's bucket for failures pays.
 */
export async function admitRequest(hash: string | null, address: string, limits: RateLimits): Promise<Admission> {
  const rows = await appClient().$queryRaw<AdmissionRow[]>`SELECT * FROM admit_request(${hash}, ${address}, ${limitsJson(limits)}::jsonb)`
  const [row] = rows
  if (row === undefined) throw new Error('admit_request answers with one row.')
  const { key_id: keyId } = row
  return {
    identity:
      keyId === null
        ? null
        : {
            keyId,
            orgId: row.org_id,
            plan: row.plan,
            scopes: row.scopes,
            expiresAt: row.expires_at,
            revokedAt: row.revoked_at,
            orgSuspendedAt: row.org_suspended_at,
          },
    requests:
      row.bucket === null
        ? null
        : {
            admitted: row.admitted,
            bucket: row.bucket,
            limit: Number(row.bucket_limit),
            remaining: Number(row.remaining),
            fullAfterMs: Number(row.full_after_ms),
            retryAfterMs: Number(row.retry_after_ms),
          },
    tokens:
      row.token_limit === null
        ? null
        : { limit: Number(row.token_limit), remaining: Number(row.tokens_remaining), fullAfterMs: Number(row.tokens_full_after_ms) },
  }
}

const texts = new WeakMap<RateLimits, string>()

/** As admit_request reads it; limits are made once a process. */
function limitsJson(limits: RateLimits): string {
  const known = texts.get(limits)
  if (known !== undefined) return known
  const { plans, address } = limits
  const text = JSON.stringify({ ...plans, address: address.requests.limit, failures: address.failures.limit })
  texts.set(limits, text)
  return text
}
