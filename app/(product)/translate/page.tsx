import type { Metadata } from 'next'

import { pageSession } from '@/app/_server/page-session'
import { textModels } from '@/app/_server/text-models'
import { listGlossaries } from '@/lib/db/glossaries'
import { can } from '@/lib/domain/permissions'
import { glossaryItem } from '@/lib/services/translation-items'

import { PageBody } from '../_shell/page-body'
import { NoTranslationModel } from './no-translation-model'
import { Translator } from './translator'

export const metadata: Metadata = { title: 'Translate' }

export default async function TranslatePage() {
  const session = await pageSession()
  // The layout says why there is nothing to see.
  if (!can(session.role, 'use')) return null
  const [models, glossaries] = await Promise.all([textModels(), listGlossaries(session.orgId)])
  const translating = models.filter(({ directions }) => directions.length > 0)
  return (
    <PageBody title="Translate" width="wide">
      {translating.length === 0 ? <NoTranslationModel /> : <Translator models={translating} glossaries={glossaries.map(glossaryItem)} />}
    </PageBody>
  )
}
