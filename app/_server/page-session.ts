import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'

import { currentSession, type Session } from '@/lib/auth/session'

import { PATH_HEADER } from './path-header'

const sessionOfRequest = cache(currentSession)

/** The session of a signed-in page, looked up once a request; whoever has none is led to sign in and then back. */
export async function pageSession(): Promise<Session> {
  const session = await sessionOfRequest()
  if (session !== null) return session
  const path = (await headers()).get(PATH_HEADER)
  redirect(path === null ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`)
}
