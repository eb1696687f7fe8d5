import type { Metadata } from 'next'

import { pageSession } from '@/app/_server/page-session'
import { textModels } from '@/app/_server/text-models'
import { EmptyState } from '@/app/_components/empty-state'
import { can } from '@/lib/domain/permissions'
import Languages from 'lucide-react/icons/languages'

import { Forbidden } from '../_shell/forbidden'
import { PageBody } from '../_shell/page-body'
import { Translator } from './translator'

export const metadata: Metadata = { title: 'Translate' }

export default async function TranslatePage() {
  const session = await pageSession()
  if (!can(session.role, 'use')) return <Forbidden what="Translation" />
  const models = (await textModels()).filter(({ directions }) => directions.length > 0)
  return (
    <PageBody title="Translate" width="wide">
      {models.length === 0 ? (
        <EmptyState icon={<Languages />} title="No model here translates">
          A model says in its card which directions it translates. None of the installed ones declares any.
        </EmptyState>
      ) : (
        <Translator models={models} />
      )}
    </PageBody>
  )
}
