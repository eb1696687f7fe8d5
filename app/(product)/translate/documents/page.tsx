import type { Metadata } from 'next'

import { pageSession } from '@/app/_server/page-session'
import { textModels } from '@/app/_server/text-models'
import { listDocuments } from '@/lib/db/documents'
import { listGlossaries } from '@/lib/db/glossaries'
import { DOCUMENT_FORMATS } from '@/lib/domain/document-formats/formats'
import { can } from '@/lib/domain/permissions'
import { PLANS } from '@/lib/domain/plans'
import { documentItem, glossaryItem } from '@/lib/services/translation-items'

import { PageBody } from '../../_shell/page-body'
import { NoTranslationModel } from '../no-translation-model'
import { DocumentDesk } from './document-desk'

export const metadata: Metadata = { title: 'Documents' }

const SHOWN = 50

export default async function DocumentsPage() {
  const session = await pageSession()
  if (!can(session.role, 'use')) return null
  const { orgId, userId, plan } = session
  const [models, documents, glossaries] = await Promise.all([textModels(), listDocuments(orgId, userId, SHOWN), listGlossaries(orgId)])
  const directions = models.find((model) => model.directions.length > 0)?.directions ?? []
  return (
    <PageBody
      title="Documents"
      description="A file comes back in its own format, with its layout, formatting and placeholders. It is translated here, even when this page is closed."
      width="wide"
    >
      {directions.length === 0 ? (
        <NoTranslationModel />
      ) : (
        <DocumentDesk
          initial={documents.map((document) => documentItem(document))}
          directions={directions}
          glossaries={glossaries.map(glossaryItem)}
          extensions={Object.values(DOCUMENT_FORMATS).flatMap((format): string[] => [...format.extensions])}
          mostBytes={PLANS[plan].documentBytes}
        />
      )}
    </PageBody>
  )
}
