import { detectRequest, type DetectResponse } from '@/lib/contract/deepl-feedback'
import { LANGUAGES } from '@/lib/contract/languages'
import { languageGuesses } from '@/lib/domain/language-detection'
import { apiRoutes } from '@/lib/http/api-route'

const ALTERNATIVES = 3

/** Parley's own: what language a text is in. Costs nothing, since no model is asked. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('deepl', {
  POST: {
    scopes: ['translate'],
    handle: async ({ formOrJson }) => {
      const { text } = await formOrJson(detectRequest, ['text'])
      const detections = text.map((one) => {
        const guesses = languageGuesses(one, Object.keys(LANGUAGES)).map(({ language, confidence }) => ({ language: language.toUpperCase(), confidence: rounded(confidence) }))
        const [first = { language: 'EN', confidence: 0 }, ...others] = guesses
        return { ...first, alternatives: others.slice(0, ALTERNATIVES) }
      })
      const answer: DetectResponse = { detections }
      return Response.json(answer)
    },
  },
})

function rounded(confidence: number): number {
  return Math.round(confidence * 1000) / 1000
}
