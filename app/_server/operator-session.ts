import { notFound, redirect } from 'next/navigation'

import type { Session } from '@/lib/auth/session'

import { pageSession } from './page-session'

/**
 * The session of a page of the operator's dashboard. To anybody else the page does not exist; an
 * operator who has not passed a second factor in this session is sent to set one up.
 */
export async function operatorSession(): Promise<Session> {
  const session = await pageSession()
  if (!session.isOperator) notFound()
  if (!session.secondFactor) redirect('/settings/security?for=operators')
  return session
}
