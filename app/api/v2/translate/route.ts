import { translateRequest, type TranslateResponse } from '@/lib/contract/deepl'
import { apiRoutes } from '@/lib/http/api-route'
import { markGenerated } from '@/lib/http/generated-mark'
import { serverContext } from '@/lib/http/server-context'
import { glossaryTerms } from '@/lib/services/glossaries'
import { translationModel } from '@/lib/services/list-models'
import { translateTexts } from '@/lib/services/translate-text'

/** How many glossary terms were inserted in brackets, for whoever does not look into the body. */
const INSERTED_HEADER = 'x-parley-glossary-inserted'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('deepl', {
  POST: {
    scopes: ['translate'],
    handle: async ({ caller, formOrJson, signal }) => {
      const body = await formOrJson(translateRequest, ['text', 'custom_instructions'])
      const { registry, runtime } = serverContext()
      const glossary = body.glossary_id ?? body.glossary_ids[0]
      const checkpoint = await translationModel(registry)
      const languages = { source: body.source_lang, target: body.target_lang }
      const translations = await translateTexts(
        runtime,
        caller,
        {
          texts: body.text,
          ...languages,
          checkpoint,
          splitSentences: body.split_sentences,
          preserveFormatting: body.preserve_formatting,
          tagHandling: body.tag_handling ?? null,
          ignoreTags: body.ignore_tags,
          splittingTags: body.splitting_tags,
          nonSplittingTags: body.non_splitting_tags,
          outlineDetection: body.outline_detection,
          glossary: glossary === undefined ? null : await glossaryTerms(caller.orgId, glossary, languages),
        },
        signal,
      )
      const answer: TranslateResponse = {
        translations: translations.map(({ detectedSource, text, characters, inserted }) => ({
          detected_source_language: detectedSource.toUpperCase(),
          text,
          ...(body.show_billed_characters ? { billed_characters: characters } : {}),
          ...(inserted.length > 0 ? { parley_glossary_inserted: inserted.map(({ source, target }) => ({ source, target })) } : {}),
        })),
      }
      const count = translations.reduce((sum, { inserted }) => sum + inserted.length, 0)
      return markGenerated(Response.json(answer, count === 0 ? {} : { headers: { [INSERTED_HEADER]: String(count) } }), checkpoint.name)
    },
  },
})
