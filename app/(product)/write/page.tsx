import type { Metadata } from 'next'

import { pageSession } from '@/app/_server/page-session'
import { textModels } from '@/app/_server/text-models'
import { can } from '@/lib/domain/permissions'
import { latestDrafts } from '@/lib/services/latest-drafts'

import { Forbidden } from '../_shell/forbidden'
import { PageBody } from '../_shell/page-body'
import { Writer } from './writer'

export const metadata: Metadata = { title: 'Write' }

export default async function WritePage() {
  const session = await pageSession()
  if (!can(session.role, 'use')) return <Forbidden what="Writing" />
  const [models, latest] = await Promise.all([textModels(), latestDrafts(session.orgId, session.userId)])
  return (
    <PageBody title="Write" description="Give the opening lines; the model goes on in up to five ways. Take up the best and go on from there." width="wide">
      <Writer models={models} latest={latest} />
    </PageBody>
  )
}
