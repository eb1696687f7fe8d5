import type { Metadata } from 'next'
import ArrowLeft from 'lucide-react/icons/arrow-left'
import Link from 'next/link'
import { notFound } from 'next/navigation'

import { pageSession } from '@/app/_server/page-session'
import { readGlossary } from '@/lib/db/glossaries'
import { entriesFromTsv } from '@/lib/domain/glossary-entries'
import { can } from '@/lib/domain/permissions'
import { glossaryItem } from '@/lib/services/translation-items'

import { PageBody } from '../../../_shell/page-body'
import { languageName } from '../../directions'
import { GlossaryEditor } from './glossary-editor'

export const metadata: Metadata = { title: 'Glossary' }

export default async function GlossaryPage({ params }: { params: Promise<{ id: string }> }) {
  const session = await pageSession()
  if (!can(session.role, 'use')) return null
  const glossary = await readGlossary(session.orgId, (await params).id)
  if (glossary === null) notFound()
  return (
    <PageBody
      title={glossary.name}
      description={`${languageName(glossary.sourceLang)} to ${languageName(glossary.targetLang)}. A term in lower case is found in any letter case, always as a whole word.`}
      action={
        <Link href="/translate/glossaries" className="inline-flex h-10 items-center gap-1.5 text-[0.93rem] font-medium text-muted hover:text-ink">
          <ArrowLeft aria-hidden className="size-4" />
          All glossaries
        </Link>
      }
    >
      <GlossaryEditor
        glossary={{ ...glossaryItem(glossary), entries: entriesFromTsv(glossary.entries) }}
        mayWrite={can(session.role, 'glossaries:write')}
      />
    </PageBody>
  )
}
