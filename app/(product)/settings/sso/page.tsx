import type { Metadata } from 'next'

import { CopyButton } from '@/app/_components/copy-button'
import { pageSession } from '@/app/_server/page-session'
import { ISSUER_PREFIX } from '@/lib/auth/foreign-providers'
import { listSsoDomains, readIdentityProvider } from '@/lib/db/identity-providers'
import { can } from '@/lib/domain/permissions'
import { serverContext } from '@/lib/http/server-context'
import { publicAddress } from '@/lib/mail/public-address'
import { domainProof } from '@/lib/services/single-sign-on'

import { Forbidden } from '../../_shell/forbidden'
import { PageBody, Section } from '../../_shell/page-body'
import { DomainList } from './domain-list'
import { EndButton } from './end-button'
import { IssuerForm } from './issuer-form'

export const metadata: Metadata = { title: 'Single sign-on' }

export default async function SingleSignOnPage() {
  const { orgId, role } = await pageSession()
  if (!can(role, 'sso:write')) return <Forbidden what="Single sign-on" />
  const [provider, domains] = await Promise.all([readIdentityProvider(orgId), listSsoDomains(orgId)])
  const address = publicAddress(serverContext().env)
  return (
    <PageBody title="Single sign-on" description="Members sign in with the accounts that they have at your organisation, through any OpenID Connect issuer.">
      <Section
        title="Issuer"
        description={provider === null ? 'Register Parley there as a web application first; it gives you a client id and a client secret.' : undefined}
        action={provider !== null && <EndButton />}
      >
        <IssuerForm current={provider === null ? null : { ...provider, autoJoinRole: provider.autoJoinRole === 'owner' ? 'admin' : provider.autoJoinRole }} />
      </Section>
      {provider !== null && (
        <Section title="Addresses" description="The first is for the issuer, the second for your members.">
          <dl className="space-y-4">
            <Address term="Redirect address, to be entered at the issuer" address={`${address}/api/auth/callback/${ISSUER_PREFIX}${provider.id}`} />
            <Address term="Link by which members sign in" address={`${address}/sign-in?org=${orgId}`} />
          </dl>
        </Section>
      )}
      <Section title="E-mail domains" description="Members of a proved domain find their sign-on by their address, and their accounts are linked by it. A domain is proved by a record in its name service, or by the operator of this installation.">
        <DomainList domains={domains.map((domain) => ({ domain: domain.domain, confirmed: domain.confirmedAt?.toISOString() ?? null, proof: domainProof(domain) }))} />
      </Section>
    </PageBody>
  )
}

function Address({ term, address }: { term: string; address: string }) {
  return (
    <div>
      <dt className="text-[0.93rem] font-medium">{term}</dt>
      <dd className="mt-1 flex items-start gap-1">
        <code className="min-w-0 flex-1 rounded-md bg-sunken px-3 py-2 font-mono text-[0.87rem] break-all">{address}</code>
        <CopyButton text={address} label={`Copy: ${term}`} />
      </dd>
    </div>
  )
}
