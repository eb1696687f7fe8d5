import { z } from 'zod'

import { generationContext } from '@/app/_server/generation-context'
import { AppError } from '@/lib/contract/errors'
import { sessionRoute } from '@/lib/http/session-route'
import { sseResponse } from '@/lib/http/sse'
import { followGeneration } from '@/lib/services/follow-generation'
import { requirePermission } from '@/lib/services/require-permission'

const sequence = z.coerce.number().int().nonnegative().max(2 ** 31 - 1)

/** An answer under way, from any chunk on: `?after=`, or the browser's own `last-event-id` when it reconnects. */
export const GET = sessionRoute(async ({ request, session, params, signal }) => {
  requirePermission(session.role, 'use')
  const after = sequence.safeParse(request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('after') ?? 0)
  if (!after.success) throw new AppError('invalid_request', 'after must be the number of a chunk.', { param: 'after' })
  const events = await followGeneration(
    generationContext(),
    { orgId: session.orgId, userId: session.userId, generationId: params['id'] ?? '', after: after.data },
    signal,
  )
  return sseResponse(events)
})
