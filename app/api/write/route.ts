import { generationContext } from '@/app/_server/generation-context'
import { writeBody } from '@/lib/contract/browser'
import { sessionRoute } from '@/lib/http/session-route'
import { requirePermission } from '@/lib/services/require-permission'
import { startDrafts } from '@/lib/services/start-drafts'

/** Starts drafts of an opening; the answer names the generation to follow. */
export const POST = sessionRoute(async ({ session, caller, json, reply }) => {
  requirePermission(session.role, 'use')
  const body = await json(writeBody)
  const { generationId } = await startDrafts(generationContext(), { ...caller, userId: session.userId }, body)
  return reply({ id: generationId }, 201)
})
