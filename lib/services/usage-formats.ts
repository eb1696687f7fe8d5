import type { UsageEvent } from '@/lib/db/usage-event'
import { csvCells } from './csv'

/** A row an event, under the names of the export's columns. */
export function usageRow(event: UsageEvent) {
  return {
    id: event.id,
    request_id: event.requestId,
    time: event.time.toISOString(),
    org: event.orgId,
    member: event.member,
    key: event.key,
    model: event.model,
    feature: event.feature,
    prompt_tokens: event.promptTokens,
    completion_tokens: event.completionTokens,
    characters: event.characters,
    training_tokens: event.trainingTokens,
    cost_micros: Number(event.costMicros),
  }
}

type UsageRow = ReturnType<typeof usageRow>

export const COLUMNS = [
  'id',
  'request_id',
  'time',
  'org',
  'member',
  'key',
  'model',
  'feature',
  'prompt_tokens',
  'completion_tokens',
  'characters',
  'training_tokens',
  'cost_micros',
] as const satisfies readonly (keyof UsageRow)[]

/** Without its line feed. */
export function csvLine(row: UsageRow): string {
  return csvCells(COLUMNS.map((column) => String(row[column] ?? '')))
}

/** https://github.com/cloudevents/spec, 1.0, JSON format; a receiver tells duplicates by source and id. */
export function cloudEvent(row: UsageRow) {
  return {
    specversion: '1.0',
    id: row.id,
    source: `/organizations/${row.org}`,
    type: 'parley.usage',
    // Whom it is billed to.
    subject: row.org,
    time: row.time,
    datacontenttype: 'application/json',
    data: row,
  }
}
