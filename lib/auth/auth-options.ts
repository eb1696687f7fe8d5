import type { NextAuthOptions } from 'next-auth'
import { z } from 'zod'
import { AppError } from '@/lib/contract/errors'
import { recordAudit } from '@/lib/db/audit'
import { findSession, revokeSession, type SessionIdentity } from '@/lib/db/sessions'
import type { ForeignProvider } from './foreign-providers'
import { signInFromElsewhere } from './foreign-sign-in'
import { ownSessionOf } from './impersonation-token'
import { openSession, SESSION_SECONDS, type RequestOrigin } from './open-session'
import { sessionIdOf, sessionSettings } from './session'
import { verifyCredentials } from './sign-in'

const credentialsSchema = z.object({
  email: z.string().min(1).max(254),
  password: z.string().min(1).max(200),
  // A form that has no second step yet sends it empty.
  code: z.string().trim().max(40).transform((code) => (code === '' ? undefined : code)).optional(),
})

/** One request to next-auth, and what it may do. */
export interface AuthRequest {
  origin: RequestOrigin
  /** Whoever sends it; null when signed out. */
  session: SessionIdentity | null
  /** The provider that it names, beside `credentials`. */
  provider: ForeignProvider | null
  /** Somebody who was here before has signed in from a new kind of browser. */
  onNewDevice?: (userId: string) => void
}

const NOWHERE: AuthRequest = { origin: { ip: null, userAgent: null }, session: null, provider: null }

/**
 * NextAuth's options for one request: credentials `email`, `password` and, for an account with a second
 * factor, `code`; and the provider that the request names. A failed sign-in answers NextAuth's
 * `CredentialsSignin`; any other refusal answers the code of its AppError as `error`, two with more behind
 * a colon: `account_locked:840` the seconds that are left, `sso_required:ID` the organisation.
 */
export function authOptions(request: AuthRequest = NOWHERE): NextAuthOptions {
  const { secret, secure } = sessionSettings()
  const { provider } = request
  // The session that this request opens, from the provider's answer to the cookie.
  let opened: string | null = null
  return {
    secret,
    useSecureCookies: secure,
    pages: { signIn: '/sign-in', error: '/sign-in' },
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    providers: [
      {
        id: 'credentials',
        name: 'Credentials',
        type: 'credentials',
        credentials: {
          email: { label: 'E-mail', type: 'email' },
          password: { label: 'Password', type: 'password' },
          code: { label: 'Code', type: 'text' },
        },
        authorize: (credentials) => authorize(credentials, request),
      },
      ...(provider === null ? [] : [provider.config]),
    ],
    callbacks: {
      signIn: async ({ account, profile }) => {
        if (account?.type === 'credentials') return true
        if (provider === null) return false
        const outcome = await signInFromElsewhere(provider.profileOf(profile), request.session, request.origin)
        if ('refused' in outcome) return refusalPage(outcome.refused, request.session)
        opened = outcome.sessionId
        if (outcome.newDevice) request.onNewDevice?.(outcome.userId)
        return true
      },
      // `user` is there at sign-in alone; of credentials, its id is the new session's.
      jwt: ({ token, user }) => {
        const sid = opened ?? (user as typeof user | undefined)?.id
        if (sid !== undefined) return { sid }
        const own = ownSessionOf(token)
        return { sid: token['sid'], ...(own !== null && { own }) }
      },
      session: async ({ session, token }) => {
        const sid = sessionIdOf(token)
        const identity = sid === null ? null : await findSession(sid)
        return { expires: session.expires, ...(identity && { user: { name: identity.name, email: identity.email } }) }
      },
    },
    events: {
      signOut: async ({ token }) => {
        const sid = sessionIdOf(token)
        if (sid !== null) await signOut(sid, request.origin)
        // Who signs out in somebody's place is nobody's afterwards, not an operator again.
        const own = ownSessionOf(token)
        if (own !== null) await signOut(own, request.origin)
      },
    },
  }
}

/** Linking is asked for on a page of the settings, everything else on the page of sign-in. */
function refusalPage(refused: string, session: SessionIdentity | null): string {
  return `${session === null ? '/sign-in' : '/settings/security'}?error=${refused}`
}

async function authorize(credentials: unknown, { origin, onNewDevice }: AuthRequest): Promise<{ id: string } | null> {
  const parsed = credentialsSchema.safeParse(credentials)
  if (!parsed.success) return null
  const { email, password, code } = parsed.data
  try {
    const person = await verifyCredentials(email, password, { code, origin })
    if (person === null) return null
    const { userId, orgId, secondFactor } = person
    const { sessionId, newDevice } = await openSession({ userId, orgId, method: 'password', secondFactor: secondFactor ? 'passed' : 'none', origin })
    if (newDevice) onNewDevice?.(userId)
    return { id: sessionId }
  } catch (cause) {
    // NextAuth shows an error's message to the browser: a code is all that may get there.
    throw new Error(errorCode(cause), { cause })
  }
}

function errorCode(error: unknown): string {
  if (!(error instanceof AppError)) return 'internal_error'
  const detail = error.code === 'account_locked' ? error.retryAfter : error.code === 'sso_required' ? error.param : undefined
  return detail === undefined ? error.code : `${error.code}:${detail}`
}

async function signOut(sessionId: string, origin: RequestOrigin): Promise<void> {
  const session = await findSession(sessionId)
  await revokeSession(sessionId)
  if (session === null) return
  const { orgId, userId, impersonatedBy } = session
  await recordAudit({ orgId, actorId: impersonatedBy ?? userId, action: 'session.signed_out', ...origin })
}
