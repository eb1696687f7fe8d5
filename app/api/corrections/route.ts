import { correctionBody } from '@/lib/contract/browser-translation'
import { createCorrection } from '@/lib/db/translation-corrections'
import { sessionRoute } from '@/lib/http/session-route'
import { requirePermission } from '@/lib/services/require-permission'

/** A person's better translation, kept for the organisation. */
export const POST = sessionRoute(async ({ session, json, reply }) => {
  requirePermission(session.role, 'use')
  const body = await json(correctionBody)
  const { id } = await createCorrection(session.orgId, { userId: session.userId, keyId: null, rating: null, comment: null, ...body })
  return reply({ id }, 201)
})
