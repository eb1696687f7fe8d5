import { translateRequest, type TranslateResponse } from '@/lib/contract/deepl'
import { AppError } from '@/lib/contract/errors'
import { apiRoutes } from '@/lib/http/api-route'
import { serverContext } from '@/lib/http/server-context'
import { translationModel } from '@/lib/services/list-models'
import { translateTexts } from '@/lib/services/translate-text'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('deepl', {
  POST: {
    scopes: ['translate'],
    handle: async ({ caller, formOrJson, signal }) => {
      const body = await formOrJson(translateRequest, ['text', 'custom_instructions'])
      const { registry, runtime } = serverContext()
      const glossary = body.glossary_id ?? body.glossary_ids[0]
      if (glossary !== undefined) throw new AppError('not_found', `There is no glossary ${glossary}.`, { param: 'glossary_id' })
      const translations = await translateTexts(
        runtime,
        caller,
        {
          texts: body.text,
          source: body.source_lang,
          target: body.target_lang,
          checkpoint: await translationModel(registry),
          splitSentences: body.split_sentences,
          preserveFormatting: body.preserve_formatting,
          tagHandling: body.tag_handling ?? null,
          ignoreTags: body.ignore_tags,
          splittingTags: body.splitting_tags,
          nonSplittingTags: body.non_splitting_tags,
          outlineDetection: body.outline_detection,
        },
        signal,
      )
      const answer: TranslateResponse = {
        translations: translations.map(({ detectedSource, text, characters }) => ({
          detected_source_language: detectedSource.toUpperCase(),
          text,
          ...(body.show_billed_characters ? { billed_characters: characters } : {}),
        })),
      }
      return Response.json(answer)
    },
  },
})
