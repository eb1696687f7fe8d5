import { translateBody } from '@/lib/contract/browser'
import { markGenerated } from '@/lib/http/generated-mark'
import { serverContext } from '@/lib/http/server-context'
import { sessionRoute } from '@/lib/http/session-route'
import { sseResponse } from '@/lib/http/sse'
import { glossaryTerms } from '@/lib/services/glossaries'
import { requirePermission } from '@/lib/services/require-permission'
import { findTextModel } from '@/lib/services/text-model'
import { translateTexts } from '@/lib/services/translate-text'
import { withProgress } from '@/lib/services/with-progress'

/** Translates a text; the answer streams how many sentences are done, then the translation. */
export const POST = sessionRoute(async ({ session, caller, json, signal }) => {
  requirePermission(session.role, 'use')
  const { text, source, target, model, glossary: glossaryId = null } = await json(translateBody)
  const { runtime, registry } = serverContext()
  const { checkpoint } = await findTextModel(runtime, registry, model)
  const glossary = glossaryId === null ? null : await glossaryTerms(caller.orgId, glossaryId, { source, target })
  const events = withProgress(async (onProgress) => {
    const request = { texts: [text], source, target, checkpoint, splitSentences: '1', preserveFormatting: true, tagHandling: null, glossary } as const
    const [translation] = await translateTexts(runtime, caller, request, signal, onProgress)
    const inserted = translation?.inserted.map((use) => ({ source: use.source, target: use.target })) ?? []
    return { text: translation?.text ?? '', detected: translation?.detectedSource ?? source ?? '', inserted }
  }, signal)
  return markGenerated(sseResponse(events), checkpoint.name)
})
