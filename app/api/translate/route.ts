import { translateBody } from '@/lib/contract/browser'
import { serverContext } from '@/lib/http/server-context'
import { sessionRoute } from '@/lib/http/session-route'
import { sseResponse } from '@/lib/http/sse'
import { requirePermission } from '@/lib/services/require-permission'
import { findTextModel } from '@/lib/services/text-model'
import { translateTexts } from '@/lib/services/translate-text'
import { withProgress } from '@/lib/services/with-progress'

/** Translates a text; the answer streams how many sentences are done, then the translation. */
export const POST = sessionRoute(async ({ session, caller, json, signal }) => {
  requirePermission(session.role, 'use')
  const { text, source, target, model } = await json(translateBody)
  const { runtime, registry } = serverContext()
  const { checkpoint } = await findTextModel(runtime, registry, model)
  const events = withProgress(async (onProgress) => {
    const request = { texts: [text], source, target, checkpoint, splitSentences: '1', preserveFormatting: true, tagHandling: null } as const
    const [translation] = await translateTexts(runtime, caller, request, signal, onProgress)
    return { text: translation?.text ?? '', detected: translation?.detectedSource ?? source ?? '' }
  }, signal)
  return sseResponse(events)
})
