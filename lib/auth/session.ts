import { decode } from 'next-auth/jwt'
import { cookies } from 'next/headers'
import { z } from 'zod'
import { parseEnv } from '@/lib/contract/env'
import { findDueSession, findSession, type DueSession, type SessionIdentity } from '@/lib/db/sessions'

/** Looked up at each request, so that a revoked session or an ended membership ends at once. */
export type Session = SessionIdentity

/** All that a token carries: the session's id. */
const tokenSchema = z.object({ sid: z.string() })

/** Whoever sends the current request (in a route handler, a server component or a server action); null when signed out. */
export async function currentSession(): Promise<Session | null> {
  const sent = await sentToken()
  return sent === null ? null : sessionOfToken(sent.token, sent.secret)
}

/** The session of the current request that waits for its second factor; null where there is none such. */
export async function currentDueSession(): Promise<DueSession | null> {
  const sent = await sentToken()
  return sent === null ? null : dueSessionOfToken(sent)
}

/** Whoever sends a request, by its own cookie: for route handlers, which need nothing of Next for it. */
export async function sessionOfRequest(request: Request): Promise<Session | null> {
  const sent = tokenOf(request)
  return sent === null ? null : sessionOfToken(sent.token, sent.secret)
}

/** The same for a session that waits for its second factor. */
export async function dueSessionOfRequest(request: Request): Promise<DueSession | null> {
  const sent = tokenOf(request)
  return sent === null ? null : dueSessionOfToken(sent)
}

/** What the token of a request says, whatever became of its session; null where it was not made here. */
export async function claimsOfRequest(request: Request): Promise<unknown> {
  const sent = tokenOf(request)
  return sent === null ? null : claimsOf(sent.token, sent.secret)
}

/** The same of the current request. */
export async function currentClaims(): Promise<unknown> {
  const sent = await sentToken()
  return sent === null ? null : claimsOf(sent.token, sent.secret)
}

interface SentToken {
  token: string
  secret: string
}

function tokenOf(request: Request): SentToken | null {
  const { secret, cookieName } = sessionSettings()
  const cookies = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim())
  const token = cookies.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1)
  return token === undefined ? null : { token, secret }
}

async function sentToken(): Promise<SentToken | null> {
  // First of all: it tells Next that the page depends on its visitor, while building too, where no secret is set.
  const sent = await cookies()
  const { secret, cookieName } = sessionSettings()
  const token = sent.get(cookieName)?.value
  return token === undefined ? null : { token, secret }
}

async function dueSessionOfToken({ token, secret }: SentToken): Promise<DueSession | null> {
  const sid = sessionIdOf(await claimsOf(token, secret))
  return sid === null ? null : findDueSession(sid)
}

/** What a session cookie stands for; null for a forged, expired or revoked one. */
export async function sessionOfToken(token: string, secret: string): Promise<Session | null> {
  const sid = sessionIdOf(await claimsOf(token, secret))
  return sid === null ? null : findSession(sid)
}

/** The session's id in a token's claims; null where there is none. */
export function sessionIdOf(claims: unknown): string | null {
  const parsed = tokenSchema.safeParse(claims)
  return parsed.success ? parsed.data.sid : null
}

async function claimsOf(token: string, secret: string): Promise<unknown> {
  // A token that does not decrypt was not made here, or with another secret: nobody is signed in.
  return decode({ token, secret }).catch(() => null)
}

export function sessionSettings(): { secret: string; secure: boolean; cookieName: string } {
  const env = parseEnv(process.env)
  if (env.NEXTAUTH_SECRET === undefined) throw new Error('NEXTAUTH_SECRET is not set: sessions cannot be signed.')
  const secure = env.NEXTAUTH_URL?.startsWith('https://') ?? false
  return { secret: env.NEXTAUTH_SECRET, secure, cookieName: `${secure ? '__Secure-' : ''}next-auth.session-token` }
}
