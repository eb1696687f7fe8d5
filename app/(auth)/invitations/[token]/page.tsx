import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'

import { buttonClasses } from '@/app/_components/button'
import { Time } from '@/app/_components/time'
import { signInProviders } from '@/app/_server/sign-in-providers'
import { currentSession } from '@/lib/auth/session'
import { ROLE_HINTS, ROLE_NAMES } from '@/lib/domain/role-names'
import { readInvitation } from '@/lib/services/accept-invitation'

import { AcceptButton } from './accept-button'
import { ExistingPersonForm } from './existing-person-form'
import type { InvitationEntry } from './invitation-entry'
import { NewPersonForm } from './new-person-form'
import { OtherAccount } from './other-account'

// The link is a secret: it is told to no site that a person goes to from here.
export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' }

export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  const [invitation, session] = await Promise.all([readInvitation(token), currentSession()])
  if (invitation === null) {
    return (
      <>
        <h1 className="text-2xl font-semibold tracking-tight">This invitation does not hold</h1>
        <p className="mt-1.5 mb-7 text-muted">It was used or revoked, or it is too old. Ask whoever invited you to send it again.</p>
        <Link href={session === null ? '/sign-in' : '/chat'} className={buttonClasses('secondary')}>
          {session === null ? 'Sign in' : 'Open Parley'}
        </Link>
      </>
    )
  }
  const { orgId, orgName, email, role, invitedBy, hasAccount, expiresAt } = invitation
  const entry: InvitationEntry = { token, orgId, orgName, email, role }
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight break-words">Join {orgName}</h1>
      <p className="mt-1.5 text-muted">
        {invitedBy ?? 'Somebody'} invites {email} as {ROLE_NAMES[role]}: {lowerFirst(ROLE_HINTS[role])}. The link works once, until{' '}
        <Time at={expiresAt.toISOString()} style="date-time" />.
      </p>
      <div className="mt-7">{wayIn()}</div>
    </>
  )

  function wayIn(): ReactNode {
    if (session?.email === email) return <AcceptButton {...entry} />
    if (session !== null) return <OtherAccount email={email} signedInAs={session.email} />
    return hasAccount ? <ExistingPersonForm {...entry} /> : <NewPersonForm {...entry} otherWays={signInProviders().length > 0} />
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
