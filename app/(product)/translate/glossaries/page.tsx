import type { Metadata } from 'next'

import { pageSession } from '@/app/_server/page-session'
import { textModels } from '@/app/_server/text-models'
import { listGlossaries } from '@/lib/db/glossaries'
import { can } from '@/lib/domain/permissions'
import { glossaryItem } from '@/lib/services/translation-items'

import { PageBody } from '../../_shell/page-body'
import { NoTranslationModel } from '../no-translation-model'
import { GlossaryList } from './glossary-list'
import { NewGlossaryButton } from './new-glossary-button'

export const metadata: Metadata = { title: 'Glossaries' }

export default async function GlossariesPage() {
  const session = await pageSession()
  if (!can(session.role, 'use')) return null
  const [models, glossaries] = await Promise.all([textModels(), listGlossaries(session.orgId)])
  const directions = models.find((model) => model.directions.length > 0)?.directions ?? []
  const mayWrite = can(session.role, 'glossaries:write')
  return (
    <PageBody
      title="Glossaries"
      description={`How your terms are translated, for everybody at ${session.orgName} and for programs with a key. Each term is guaranteed to be in the translation.`}
      action={mayWrite && directions.length > 0 ? <NewGlossaryButton directions={directions} /> : undefined}
      width="wide"
    >
      {directions.length === 0 ? <NoTranslationModel /> : <GlossaryList glossaries={glossaries.map(glossaryItem)} mayWrite={mayWrite} />}
    </PageBody>
  )
}
