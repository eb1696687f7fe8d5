import { newApiKey } from '@/lib/auth/api-key-format'
import { AppError } from '@/lib/contract/errors'
import { createApiKey as storeApiKey, findApiKey, replaceApiKey, revokeApiKey as endApiKey, updateApiKey, type ApiKey, type ApiKeyChanges } from '@/lib/db/api-keys'
import type { AuditDetails } from '@/lib/db/audit'
import type { Scope } from '@/lib/domain/permissions'
import { auditAs, type Actor } from './actor'

const HOUR_MS = 60 * 60 * 1000

/** Who looks after an organisation's keys: a member, or the operator's command line. */
export interface KeyManager {
  orgId: string
  /** Null on the command line. */
  userId: string | null
  record: (action: string, target: string, details: AuditDetails) => Promise<void>
}

export function keyManager(actor: Actor): KeyManager {
  return { orgId: actor.orgId, userId: actor.userId, record: (action, target, details) => auditAs(actor, action, target, details) }
}

export interface NewKey {
  name: string
  scopes: readonly Scope[]
  expiresAt?: Date | null | undefined
  requestsPerMinute?: number | null | undefined
  tokenQuota?: number | null | undefined
}

/** A key as it is told once. */
export interface MadeKey extends ApiKey {
  key: string
}

/** Makes a key and stores its hash. The key itself is in the answer alone and cannot be had again. AppError invalid_request where it would have expired. */
export async function createApiKey(manager: KeyManager, { name, scopes, expiresAt = null, requestsPerMinute = null, tokenQuota = null }: NewKey): Promise<MadeKey> {
  requireFuture(expiresAt)
  const { key, prefix, hash } = newApiKey()
  const made = await storeApiKey(manager.orgId, { name, scopes, createdBy: manager.userId, expiresAt, requestsPerMinute, tokenQuota, prefix, hash })
  await manager.record('key.created', shownName(made), { key: made.id, ...termsOf(made) })
  return { ...made, key }
}

/** Changes what is named, and nothing else. AppError not_found where there is no such key, conflict where it was revoked. */
export async function changeApiKey(manager: KeyManager, id: string, changes: ApiKeyChanges): Promise<void> {
  requireFuture(changes.expiresAt)
  const before = await apiKey(manager.orgId, id)
  if (!(await updateApiKey(manager.orgId, id, changes))) throw new AppError('conflict', 'This key was revoked.')
  const after = { ...before, ...changes }
  const [was, is] = [{ name: before.name, ...termsOf(before) }, { name: after.name, ...termsOf(after) }]
  const changed = Object.entries(is).filter(([term, value]) => value !== new Map<string, unknown>(Object.entries(was)).get(term))
  if (changed.length > 0) await manager.record('key.changed', shownName(before), { key: id, ...Object.fromEntries(changed) })
}

/**
 * Makes a key in another's place, with its name, scopes and limits and as long a life as it had; the old one goes on
 * for `overlapHours`, or ends at once with 0. AppError not_found where there is no such key, conflict where it no
 * longer holds or was rotated before.
 */
export async function rotateApiKey(manager: KeyManager, id: string, overlapHours: number, now = new Date()): Promise<MadeKey & { previousEndsAt: Date }> {
  const old = await apiKey(manager.orgId, id)
  const { key, prefix, hash } = newApiKey()
  const expiresAt = old.expiresAt === null ? null : new Date(now.getTime() + (old.expiresAt.getTime() - old.createdAt.getTime()))
  const endsAt = new Date(now.getTime() + overlapHours * HOUR_MS)
  const made = await replaceApiKey(manager.orgId, id, { prefix, hash, createdBy: manager.userId, expiresAt }, overlapHours === 0 ? null : endsAt)
  if (made === null) {
    const reason = old.revokedAt !== null ? 'was revoked' : old.replacedBy !== null ? 'was rotated before' : 'has expired'
    throw new AppError('conflict', `This key ${reason}. Create a new one instead.`)
  }
  const previousEndsAt = old.expiresAt !== null && old.expiresAt < endsAt ? old.expiresAt : endsAt
  await manager.record('key.rotated', shownName(old), { key: id, successor: made.id, ends: previousEndsAt.toISOString() })
  return { ...made, key, previousEndsAt }
}

/** Ends a key at once, and the requests under way with it; harmless where it had ended. AppError not_found where there is no such key. */
export async function revokeApiKey(manager: KeyManager, id: string): Promise<void> {
  const key = await apiKey(manager.orgId, id)
  await endApiKey(manager.orgId, { id })
  if (key.revokedAt === null) await manager.record('key.revoked', shownName(key), { key: id })
}

async function apiKey(orgId: string, id: string): Promise<ApiKey> {
  const key = await findApiKey(orgId, { id })
  if (key === null) throw new AppError('not_found', 'There is no such key.')
  return key
}

function requireFuture(expiresAt: Date | null | undefined): void {
  if (expiresAt !== null && expiresAt !== undefined && expiresAt.getTime() <= Date.now()) throw new AppError('invalid_request', 'Choose a date that is yet to come.', { param: 'expiresAt' })
}

function shownName({ name, prefix }: Pick<ApiKey, 'name' | 'prefix'>): string {
  return `${name} (${prefix}…)`
}

function termsOf(key: Pick<ApiKey, 'scopes' | 'expiresAt' | 'requestsPerMinute' | 'tokenQuota'>): AuditDetails {
  return { scopes: key.scopes.join(', '), expires: key.expiresAt?.toISOString() ?? null, requests_per_minute: key.requestsPerMinute, token_quota: key.tokenQuota }
}
