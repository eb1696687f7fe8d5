import type { NextAuthOptions } from 'next-auth'
import { decode } from 'next-auth/jwt'
import { cookies } from 'next/headers'
import { z } from 'zod'
import { parseEnv } from '@/lib/contract/env'
import { AppError } from '@/lib/contract/errors'
import { createSession, findSession, revokeSession, type SessionIdentity } from '@/lib/db/sessions'
import { verifyCredentials } from './sign-in'

/** Looked up at each request, so that a revoked session or an ended membership ends at once. */
export type Session = SessionIdentity

const LIFETIME_SECONDS = 30 * 24 * 60 * 60

const credentialsSchema = z.object({ email: z.string().min(1).max(254), password: z.string().min(1).max(200) })

/** All that a token carries: the session's id. */
const tokenSchema = z.object({ sid: z.string() })

/**
 * NextAuth's options: credentials `email` and `password`. A failed sign-in answers NextAuth's
 * `CredentialsSignin`; any other refusal answers the code of its AppError as `error`.
 */
export function authOptions(): NextAuthOptions {
  const { secret, secure } = settings()
  return {
    secret,
    useSecureCookies: secure,
    pages: { signIn: '/sign-in' },
    session: { strategy: 'jwt', maxAge: LIFETIME_SECONDS },
    providers: [
      {
        id: 'credentials',
        name: 'Credentials',
        type: 'credentials',
        credentials: { email: { label: 'E-mail', type: 'email' }, password: { label: 'Password', type: 'password' } },
        authorize: (credentials, request) => authorize(credentials, request.headers?.['user-agent']),
      },
    ],
    callbacks: {
      // `user` is there at sign-in alone; its id is the new session's.
      jwt: ({ token, user }) => ({ sid: (user as typeof user | undefined)?.id ?? token['sid'] }),
      session: async ({ session, token }) => {
        const identity = await sessionOf(token)
        return { expires: session.expires, ...(identity && { user: { name: identity.name, email: identity.email } }) }
      },
    },
    events: {
      signOut: async ({ token }) => {
        const parsed = tokenSchema.safeParse(token)
        if (parsed.success) await revokeSession(parsed.data.sid)
      },
    },
  }
}

/** Whoever sends the current request (in a route handler, a server component or a server action); null when signed out. */
export async function currentSession(): Promise<Session | null> {
  // First of all: it tells Next that the page depends on its visitor, while building too, where no secret is set.
  const sent = await cookies()
  const { secret, cookieName } = settings()
  const token = sent.get(cookieName)?.value
  return token === undefined ? null : sessionOfToken(token, secret)
}

/** Whoever sends a request, by its own cookie: for route handlers, which need nothing of Next for it. */
export async function sessionOfRequest(request: Request): Promise<Session | null> {
  const { secret, cookieName } = settings()
  const cookies = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim())
  const token = cookies.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1)
  return token === undefined ? null : sessionOfToken(token, secret)
}

/** What a session cookie stands for; null for a forged, expired or revoked one. */
export async function sessionOfToken(token: string, secret: string): Promise<Session | null> {
  // A token that does not decrypt was not made here, or with another secret: nobody is signed in.
  const claims = await decode({ token, secret }).catch(() => null)
  return sessionOf(claims)
}

async function sessionOf(claims: unknown): Promise<Session | null> {
  const parsed = tokenSchema.safeParse(claims)
  return parsed.success ? findSession(parsed.data.sid) : null
}

async function authorize(credentials: unknown, userAgent: unknown): Promise<{ id: string } | null> {
  const parsed = credentialsSchema.safeParse(credentials)
  if (!parsed.success) return null
  try {
    const person = await verifyCredentials(parsed.data.email, parsed.data.password)
    if (person === null) return null
    const id = await createSession(person.userId, {
      orgId: person.orgId,
      userAgent: typeof userAgent === 'string' ? userAgent : null,
      ttlSeconds: LIFETIME_SECONDS,
    })
    return { id }
  } catch (cause) {
    // NextAuth shows an error's message to the browser: a code is all that may get there.
    throw new Error(cause instanceof AppError ? cause.code : 'internal_error', { cause })
  }
}

function settings(): { secret: string; secure: boolean; cookieName: string } {
  const env = parseEnv(process.env)
  if (env.NEXTAUTH_SECRET === undefined) throw new Error('NEXTAUTH_SECRET is not set: sessions cannot be signed.')
  const secure = env.NEXTAUTH_URL?.startsWith('https://') ?? false
  return { secret: env.NEXTAUTH_SECRET, secure, cookieName: `${secure ? '__Secure-' : ''}next-auth.session-token` }
}
