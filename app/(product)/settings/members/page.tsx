import type { Metadata } from 'next'

import { pageSession } from '@/app/_server/page-session'
import { listApiKeys } from '@/lib/db/api-keys'
import { callerQuotas } from '@/lib/db/budgets'
import { listInvitations } from '@/lib/db/invitations'
import { listMembers } from '@/lib/db/memberships'
import { findTotp } from '@/lib/db/second-factors'
import { findOwnAccount } from '@/lib/db/users'
import { can, mayManage, ROLES } from '@/lib/domain/permissions'

import { Forbidden } from '../../_shell/forbidden'
import { PageBody, Section } from '../../_shell/page-body'
import { InvitationList } from './invitation-list'
import { InviteButton } from './invite-button'
import { MemberList } from './member-list'

export const metadata: Metadata = { title: 'Members' }

export default async function MembersPage() {
  const { orgId, orgName, userId, role } = await pageSession()
  if (!can(role, 'members:read')) return <Forbidden what="The list of members" />
  const manages = can(role, 'members:write')
  const transfers = can(role, 'members:transfer')
  const [members, quotas, keys, invitations, account, totp] = await Promise.all([
    listMembers(orgId),
    manages ? callerQuotas(orgId) : [],
    manages ? listApiKeys(orgId) : [],
    manages ? listInvitations(orgId) : [],
    transfers ? findOwnAccount(userId) : null,
    transfers ? findTotp(userId) : null,
  ])
  const givable = ROLES.filter((given) => mayManage(role, given))
  const nameOf = (id: string | null): string | null => members.find((member) => member.userId === id)?.name ?? null
  return (
    <PageBody
      title="Members"
      description={`Everybody who works in ${orgName}, and what each may do.`}
      action={manages ? <InviteButton roles={givable} /> : undefined}
    >
      <MemberList
        orgName={orgName}
        givable={givable}
        members={members.map((member) => ({
          userId: member.userId,
          name: member.name,
          email: member.email,
          role: member.role,
          joinedAt: member.joinedAt.toISOString(),
          you: member.userId === userId,
          manageable: mayManage(role, member.role) && member.userId !== userId,
          mayOwn: transfers && member.role !== 'owner',
          quota: member.tokenQuota,
          used: quotas.find(({ kind, id }) => kind === 'member' && id === member.userId)?.used ?? 0,
          keys: keys.filter(({ createdBy, revokedAt }) => createdBy === member.userId && revokedAt === null).map(({ name }) => name),
        }))}
        maySetQuotas={can(role, 'quota:write')}
        confirmation={{ hasPassword: account?.hasPassword === true, hasSecondFactor: totp !== null && totp.confirmedAt !== null }}
      />
      {manages && (
        <Section title="Invitations" description="A link works once, for the address that it was made for.">
          <InvitationList
            invitations={invitations.map(({ id, email, role: given, invitedBy, expiresAt, expired }) => ({
              id,
              email,
              role: given,
              invitedBy: nameOf(invitedBy),
              expiresAt: expiresAt.toISOString(),
              expired,
              manageable: mayManage(role, given),
            }))}
          />
        </Section>
      )}
    </PageBody>
  )
}
