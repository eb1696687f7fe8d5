import { featureSchema, type Feature } from '@/lib/contract/feature'
import type { UsageEvent as UsageEventRow } from './generated/client'

/** What one request used and cost; written once and never changed. */
export interface UsageEvent {
  id: string
  requestId: string
  time: Date
  orgId: string
  /** The member's id; null for a key's own use. */
  member: string | null
  /** The key's id; null for the browser's use. */
  key: string | null
  model: string
  feature: Feature
  promptTokens: number
  completionTokens: number
  characters: number
  trainingTokens: number
  costMicros: bigint
}

export function usageEventOf(row: UsageEventRow): UsageEvent {
  return {
    id: row.id,
    requestId: row.requestId,
    time: row.createdAt,
    orgId: row.orgId,
    member: row.userId,
    key: row.keyId,
    model: row.model,
    feature: featureSchema.parse(row.feature),
    promptTokens: Number(row.promptTokens),
    completionTokens: Number(row.completionTokens),
    characters: Number(row.characters),
    trainingTokens: Number(row.trainingTokens),
    costMicros: row.costMicros,
  }
}
