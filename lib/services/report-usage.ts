import type { UsageQuery, UsageResponse } from '@/lib/contract/openai'
import { usageByDay, type UsageTotals } from '@/lib/db/usage'
import { periodOf } from '@/lib/domain/quota'

const DAY_MS = 86_400_000

type Meters = Omit<UsageResponse, 'object' | 'data'>

/** What an organisation used, by day (UTC) and by the groups asked for; by default this month so far. */
export async function reportUsage(orgId: string, query: UsageQuery): Promise<UsageResponse> {
  const now = new Date()
  const from = query.start_time ?? periodOf(now).start
  const to = query.end_time ?? new Date(Math.max(now.getTime(), from.getTime()) + 1000)
  const rows = await usageByDay(orgId, from, to, query.group_by)
  const days = new Map<number, UsageResponse['data'][number]>()
  let total: Meters = { prompt_tokens: 0, completion_tokens: 0, characters: 0, training_tokens: 0, cost_micros: 0 }
  for (const { day, model, feature, key, member, ...totals } of rows) {
    const meters = metersOf(totals)
    total = sum(total, meters)
    const bucket = days.get(day.getTime()) ?? { start_time: seconds(day.getTime(), from, to), end_time: seconds(day.getTime() + DAY_MS, from, to), results: [] }
    bucket.results.push({
      ...meters,
      ...(typeof model === 'string' ? { model } : {}),
      ...(typeof feature === 'string' ? { feature } : {}),
      ...(key === undefined ? {} : { key }),
      ...(member === undefined ? {} : { member }),
    })
    days.set(day.getTime(), bucket)
  }
  return { object: 'usage', ...total, data: [...days.values()] }
}

function metersOf({ promptTokens, completionTokens, characters, trainingTokens, costMicros }: UsageTotals): Meters {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    characters,
    training_tokens: trainingTokens,
    cost_micros: Number(costMicros),
  }
}

function sum(a: Meters, b: Meters): Meters {
  return {
    prompt_tokens: a.prompt_tokens + b.prompt_tokens,
    completion_tokens: a.completion_tokens + b.completion_tokens,
    characters: a.characters + b.characters,
    training_tokens: a.training_tokens + b.training_tokens,
    cost_micros: a.cost_micros + b.cost_micros,
  }
}

/** Unix seconds, within the time asked for. */
function seconds(time: number, from: Date, to: Date): number {
  return Math.floor(Math.min(Math.max(time, from.getTime()), to.getTime()) / 1000)
}
