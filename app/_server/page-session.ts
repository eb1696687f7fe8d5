import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'

import { currentSession, type Session } from '@/lib/auth/session'

import { PATH_HEADER } from './path-header'

/** The own account, bills, other organisations; and the dashboard, from which an operator lets the organisation go on. */
const OPEN_WHILE_SUSPENDED = /^\/(?:suspended|settings|admin)(?:[/?]|$)/u

const sessionOfRequest = cache(currentSession)

/** The session of a signed-in page, looked up once a request; whoever has none is led to sign in and then back. */
export async function pageSession(): Promise<Session> {
  const session = await sessionOfRequest()
  const path = (await headers()).get(PATH_HEADER)
  if (session !== null) {
    if (session.orgSuspendedAt !== null && path !== null && !OPEN_WHILE_SUSPENDED.test(path)) redirect('/suspended')
    return session
  }
  redirect(path === null ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`)
}
