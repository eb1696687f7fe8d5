import { z } from 'zod'
import { AppError } from '@/lib/contract/errors'
import { overallUsageBy, USAGE_GROUPS } from '@/lib/db/operator-usage'
import { csvResponse } from '@/lib/http/csv-response'
import { operatorRoute } from '@/lib/http/operator-route'

const querySchema = z.object({
  from: z.iso.date(),
  /** The last day. */
  to: z.iso.date(),
  by: z.enum(USAGE_GROUPS),
  tenant: z.uuid().optional(),
  model: z.string().max(200).optional(),
})

/** More rows than any installation has tenants, keys or members. */
const MOST = 1_000_000

/** The sums of a range of days by group, as CSV. */
export const GET = operatorRoute(async ({ request }) => {
  const query = querySchema.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!query.success) throw new AppError('invalid_request', 'The range or the group is not understood.', { param: query.error.issues[0]?.path.join('.') })
  const { from, to, by, tenant, model } = query.data
  const selection = { from: new Date(from), to: new Date(Date.parse(to) + 86_400_000), orgId: tenant, model }
  const rows = await overallUsageBy(by, selection, MOST)
  return csvResponse(`usage-by-${by}-${from}-to-${to}.csv`, [
    [by, 'name', 'tenant', 'tenant_name', 'prompt_tokens', 'completion_tokens', 'characters', 'training_tokens', 'cost_micros', 'requests'],
    ...rows.map((row) => [
      row.id,
      row.name,
      row.orgId,
      row.orgName,
      row.promptTokens,
      row.completionTokens,
      row.characters,
      row.trainingTokens,
      row.costMicros,
      row.requests,
    ]),
  ])
})
