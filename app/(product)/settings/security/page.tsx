import type { Metadata } from 'next'
import Link from 'next/link'

import { signInError } from '@/app/(auth)/sign-in-errors'
import { Notice } from '@/app/_components/notice'
import { pageSession } from '@/app/_server/page-session'
import { signInProviders } from '@/app/_server/sign-in-providers'
import { ISSUER_PREFIX } from '@/lib/auth/foreign-providers'
import type { Session } from '@/lib/auth/session'
import { findIdentityProvider } from '@/lib/db/identity-providers'
import { listLinkedAccounts } from '@/lib/db/linked-accounts'
import { countRecoveryCodes, findTotp } from '@/lib/db/second-factors'
import { findOwnAccount } from '@/lib/db/users'
import { describeDevice } from '@/lib/domain/device-name'
import { visibleSessions } from '@/lib/services/end-sessions'

import { PageBody, Section } from '../../_shell/page-body'
import { LinkedAccounts } from './linked-accounts'
import { PasswordForm } from './password-form'
import { SecondFactorPanel } from './second-factor-panel'
import { SessionList } from './session-list'

export const metadata: Metadata = { title: 'Security' }

const METHODS = new Map([['password', 'Password'], ['github', 'GitHub'], ['google', 'Google'], ['sso', 'Single sign-on'], ['impersonation', 'The operator, in your place']])

export default async function SecurityPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const [session, { error, for: needed }] = [await pageSession(), await searchParams]
  const sessions = await visibleSessions(session)
  const own = session.impersonatedBy === null && session.identityProviderId === null
  return (
    <PageBody title="Security">
      {typeof error === 'string' && (
        <div className="mb-6">
          <Notice tone="error">{signInError(error)}</Notice>
        </div>
      )}
      {needed === 'operators' && (
        <div className="mb-6">
          {session.secondFactor ? (
            <Notice tone="note">
              The second step is on.{' '}
              <Link href="/admin" className="font-medium underline underline-offset-3">
                Open the operator’s pages
              </Link>
            </Notice>
          ) : (
            <Notice tone="warning">The operator’s pages ask for a second step at sign-in. Set it up here, then open them.</Notice>
          )}
        </div>
      )}
      {own ? <OwnSecurity session={session} /> : <NotHere session={session} />}
      {session.impersonatedBy === null && (
        <Section title="Where you are signed in" description="End a session that is not yours, or that you no longer use.">
          <SessionList
            sessions={sessions.map(({ id, userAgent, ip, method, createdAt, lastSeenAt }) => ({
              id,
              device: describeDevice(userAgent),
              address: ip,
              method: METHODS.get(method) ?? method,
              since: createdAt.toISOString(),
              lastSeen: lastSeenAt.toISOString(),
              current: id === session.sessionId,
            }))}
          />
        </Section>
      )}
    </PageBody>
  )
}

/** How the person signs in, where that is the person's own to change. */
async function OwnSecurity({ session }: { session: Session }) {
  const { userId, orgId } = session
  const [account, totp, codesLeft, linked, organization] = await Promise.all([
    findOwnAccount(userId),
    findTotp(userId),
    countRecoveryCodes(userId),
    listLinkedAccounts(userId),
    findIdentityProvider({ orgId }),
  ])
  const since = totp?.confirmedAt?.toISOString() ?? null
  const factors = { password: account?.hasPassword === true, secondFactor: since !== null }
  const issuer = organization === null ? [] : [{ id: `${ISSUER_PREFIX}${organization.id}`, name: organization.name }]
  const providers = [...signInProviders(), ...issuer]
  const names = new Map([['github', 'GitHub'], ['google', 'Google'], ...issuer.map(({ id, name }): [string, string] => [id, name])])
  const offered = providers.filter(({ id }) => !linked.some(({ provider }) => provider === id))
  return (
    <>
      <Section title="Second step at sign-in" description="A code of an authenticator app beside your password, so that the password alone opens nothing.">
        <SecondFactorPanel factors={factors} since={since} codesLeft={codesLeft} />
      </Section>
      <Section title="Password" description={factors.password ? undefined : 'Your account has none: you sign in with another account.'}>
        <PasswordForm factors={factors} />
      </Section>
      {providers.length + linked.length > 0 && (
        <Section title="Linked accounts" description="Other accounts that you can sign in with.">
          <LinkedAccounts
            factors={factors}
            offered={offered}
            linked={linked.map(({ provider, subject, email, lastUsedAt }) => ({
              provider,
              subject,
              email,
              name: names.get(provider) ?? 'Single sign-on of another organisation',
              lastUsed: lastUsedAt?.toISOString() ?? null,
            }))}
          />
        </Section>
      )}
    </>
  )
}

function NotHere({ session }: { session: Session }) {
  return (
    <div className="mb-6">
      <Notice tone="note">
        {session.impersonatedBy === null
          ? 'You are signed in through your organisation’s single sign-on, which looks after your password and your second step. To change how you sign in yourself, sign in with your own password; “Forgot your password?” sets one.'
          : 'You act in somebody’s place. How they sign in is theirs to see and to change.'}
      </Notice>
    </div>
  )
}
