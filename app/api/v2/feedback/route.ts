import { feedbackQuery, feedbackRequest, type FeedbackList, type FeedbackObject } from '@/lib/contract/deepl-feedback'
import { createCorrection, listCorrections, type Correction } from '@/lib/db/translation-corrections'
import { apiRoutes } from '@/lib/http/api-route'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('deepl', {
  GET: {
    scopes: ['translate'],
    handle: async ({ caller, query }) => {
      const { limit, after } = query(feedbackQuery)
      const found = await listCorrections(caller.orgId, { limit: limit + 1, before: after })
      const answer: FeedbackList = { feedback: found.slice(0, limit).map(feedbackObject), has_more: found.length > limit }
      return Response.json(answer)
    },
  },
  POST: {
    scopes: ['translate'],
    handle: async ({ caller, formOrJson }) => {
      const { translation = null, rating = null, comment = null, model = null, ...body } = await formOrJson(feedbackRequest, [])
      const correction = await createCorrection(caller.orgId, {
        userId: caller.userId,
        keyId: caller.keyId,
        source: body.source,
        sourceLang: body.source_lang,
        targetLang: body.target_lang,
        output: translation,
        correction: body.correction,
        rating,
        comment,
        model,
      })
      return Response.json(feedbackObject(correction), { status: 201 })
    },
  },
})

function feedbackObject(correction: Correction): FeedbackObject {
  return {
    feedback_id: correction.id,
    source: correction.source,
    source_lang: correction.sourceLang.toUpperCase(),
    target_lang: correction.targetLang.toUpperCase(),
    translation: correction.output,
    correction: correction.correction,
    rating: correction.rating,
    comment: correction.comment,
    model: correction.model,
    status: correction.status,
    creation_time: correction.createdAt.toISOString(),
  }
}
