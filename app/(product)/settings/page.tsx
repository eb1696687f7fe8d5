import type { Metadata } from 'next'

import { pageSession } from '@/app/_server/page-session'
import { ThemeChoice } from '@/app/_components/theme-choice'
import { listMembers } from '@/lib/db/memberships'
import { listSessions } from '@/lib/db/sessions'
import { can } from '@/lib/domain/permissions'

import { PageBody, Section } from '../_shell/page-body'
import { describeDevice } from './describe-device'
import { NameForm } from './name-form'
import { SessionList } from './session-list'

export const metadata: Metadata = { title: 'Settings' }

const ROLE_NAMES = { owner: 'Owner', admin: 'Admin', member: 'Member', billing: 'Billing' } as const

export default async function SettingsPage() {
  const session = await pageSession()
  const [members, sessions] = await Promise.all([listMembers(session.orgId), listSessions(session.userId)])
  return (
    <PageBody title="Settings">
      <Section title="You" description={session.email}>
        <NameForm label="Name" current={session.name} path="/api/account" />
      </Section>
      <Section title="Appearance" description="Kept in this browser.">
        <ThemeChoice />
      </Section>
      <Section title="Where you are signed in" description="End a session that is not yours, or that you no longer use.">
        <SessionList
          sessions={sessions.map(({ id, userAgent, createdAt }) => ({
            id,
            device: describeDevice(userAgent),
            since: createdAt.toISOString(),
            current: id === session.sessionId,
          }))}
        />
      </Section>
      <Section title="Organisation" description={`Plan: ${session.plan}. Your role: ${ROLE_NAMES[session.role]}.`}>
        {can(session.role, 'organization:write') ? (
          <NameForm label="Name of the organisation" current={session.orgName} path="/api/organization" />
        ) : (
          <p className="font-medium">{session.orgName}</p>
        )}
        <h3 className="mt-6 mb-2 text-[0.93rem] font-medium">Members</h3>
        <ul className="divide-y divide-line rounded-lg border border-line">
          {members.map(({ userId, name, email, role }) => (
            <li key={userId} className="flex items-center justify-between gap-4 px-4 py-2.5">
              <span className="min-w-0">
                <span className="block truncate font-medium">{name}</span>
                <span className="block truncate text-[0.87rem] text-muted">{email}</span>
              </span>
              <span className="shrink-0 rounded-full bg-hover px-2.5 py-0.5 text-[0.8rem] font-medium text-muted">{ROLE_NAMES[role]}</span>
            </li>
          ))}
        </ul>
      </Section>
    </PageBody>
  )
}
