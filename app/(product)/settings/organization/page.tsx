import type { Metadata } from 'next'
import Link from 'next/link'

import { pageSession } from '@/app/_server/page-session'
import { listMembershipsOf } from '@/lib/db/memberships'
import { can } from '@/lib/domain/permissions'
import { ROLE_NAMES } from '@/lib/domain/role-names'

import { PageBody, Section } from '../../_shell/page-body'
import { NameForm } from '../name-form'
import { NewOrganizationButton } from './new-organization-button'
import { OrganizationList } from './organization-list'

export const metadata: Metadata = { title: 'Organisation' }

const PLAN_NAMES = { free: 'Free', pro: 'Pro', enterprise: 'Enterprise' } as const

export default async function OrganizationPage() {
  const session = await pageSession()
  const memberships = await listMembershipsOf(session.userId)
  return (
    <PageBody title="Organisation" description={`Plan: ${PLAN_NAMES[session.plan]}. Your role: ${ROLE_NAMES[session.role]}.`}>
      <Section title="Name">
        {can(session.role, 'organization:write') ? (
          <NameForm label="Name of the organisation" current={session.orgName} path="/api/organization" />
        ) : (
          <p>
            <span className="font-medium">{session.orgName}</span>
            <span className="block text-[0.87rem] text-muted">An owner can rename it.</span>
          </p>
        )}
        <p className="mt-4 text-[0.93rem] text-muted">
          To leave it{can(session.role, 'members:transfer') && ', or to hand it over'}, see{' '}
          <Link href="/settings/members" className="font-medium text-accent-ink underline underline-offset-3">
            Members
          </Link>
          {can(session.role, 'organization:erase') && (
            <>
              ; to end it, with everything in it, see{' '}
              <Link href="/settings/privacy" className="font-medium text-accent-ink underline underline-offset-3">
                Privacy
              </Link>
            </>
          )}
          .
        </p>
      </Section>
      <Section
        title="Your organisations"
        description="Chats, keys, members and limits are each organisation’s own. You work in one at a time."
        action={<NewOrganizationButton />}
      >
        <OrganizationList memberships={memberships.map(({ orgId, orgName, role }) => ({ orgId, orgName, role, current: orgId === session.orgId }))} />
      </Section>
    </PageBody>
  )
}
