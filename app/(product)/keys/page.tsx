import type { Metadata } from 'next'
import { headers } from 'next/headers'
import Link from 'next/link'

import { buttonClasses } from '@/app/_components/button'
import { pageSession } from '@/app/_server/page-session'
import { textModels } from '@/app/_server/text-models'
import { listApiKeys, type ApiKey } from '@/lib/db/api-keys'
import { callerQuotas, type CallerQuota } from '@/lib/db/budgets'
import { can } from '@/lib/domain/permissions'
import { serverContext } from '@/lib/http/server-context'

import { Forbidden } from '../_shell/forbidden'
import { PageBody, Section } from '../_shell/page-body'
import { KeyList } from './key-list'
import type { ListedKey } from './listed-key'
import { NewKeyButton } from './new-key-button'
import { QuickStart } from './quick-start'

export const metadata: Metadata = { title: 'API keys' }

/** The address that this page was asked for under: programs reach the API there too. */
async function baseUrl(): Promise<string> {
  const sent = await headers()
  const host = sent.get('x-forwarded-host') ?? sent.get('host') ?? 'localhost:3000'
  return `${sent.get('x-forwarded-proto') ?? 'http'}://${host}`
}

export default async function KeysPage() {
  const session = await pageSession()
  if (!can(session.role, 'keys:read')) return <Forbidden what="The list of API keys" />
  const mayWrite = can(session.role, 'keys:write')
  const [keys, quotas, models, url] = await Promise.all([listApiKeys(session.orgId), callerQuotas(session.orgId), textModels(), baseUrl()])
  const planRequests = serverContext().rateLimits.plans[session.plan].key
  return (
    <PageBody
      title="API keys"
      description={`Programs of ${session.orgName} reach Parley with a key. What they use counts towards its limits.`}
      action={mayWrite ? <NewKeyButton planRequests={planRequests} /> : undefined}
    >
      <KeyList mayWrite={mayWrite} planRequests={planRequests} keys={keys.map((key) => listed(key, quotas))} />
      <Section
        title="Quick start"
        description="The official clients of OpenAI and DeepL work with this address and one of your keys."
        action={
          <Link href="/docs" className={buttonClasses('secondary', 'small')}>
            Documentation
          </Link>
        }
      >
        <QuickStart baseUrl={url} model={models[0]?.name ?? ''} />
      </Section>
    </PageBody>
  )
}

function listed(key: ApiKey, quotas: readonly CallerQuota[], now = new Date()): ListedKey {
  const { id, name, prefix, scopes, createdAt, lastUsedAt, expiresAt, revokedAt, replacedBy, requestsPerMinute, tokenQuota } = key
  const quota = quotas.find((candidate) => candidate.kind === 'key' && candidate.id === id)
  return {
    id,
    name,
    prefix,
    scopes,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    state: revokedAt !== null ? 'revoked' : expiresAt !== null && expiresAt <= now ? 'expired' : 'live',
    replaced: replacedBy !== null,
    requestsPerMinute,
    tokenQuota,
    tokensUsed: (quota?.used ?? 0) + (quota?.held ?? 0),
  }
}
