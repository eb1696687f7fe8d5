import { encode } from 'next-auth/jwt'
import { z } from 'zod'
import { claimsOfRequest, sessionSettings } from './session'

/**
 * While an operator acts in somebody's place, the browser's token names two sessions: the one that
 * acts, and in `own` the operator's, to return to.
 */
const claimsSchema = z.object({ sid: z.string(), own: z.string() })

/** The `Set-Cookie` of a session in somebody's place, opened from the operator's own. */
export function impersonationCookie(sessionId: string, ownSessionId: string, seconds: number): Promise<string> {
  return cookieOf({ sid: sessionId, own: ownSessionId }, seconds)
}

/** The `Set-Cookie` of a session of one's own. */
export function sessionCookie(sessionId: string, seconds: number): Promise<string> {
  return cookieOf({ sid: sessionId }, seconds)
}

/** The `Set-Cookie` that signs a browser out. */
export function clearedSessionCookie(): string {
  return formatted('', 0)
}

/** The operator's own session beside one in somebody's place, also where that one has ended; null in any other token. */
export function ownSessionOf(claims: unknown): string | null {
  const parsed = claimsSchema.safeParse(claims)
  return parsed.success ? parsed.data.own : null
}

/** The same of a request's token. */
export async function ownSessionOfRequest(request: Request): Promise<string | null> {
  return ownSessionOf(await claimsOfRequest(request))
}

async function cookieOf(claims: Record<string, string>, seconds: number): Promise<string> {
  return formatted(await encode({ token: claims, secret: sessionSettings().secret, maxAge: seconds }), seconds)
}

function formatted(value: string, seconds: number): string {
  const { cookieName, secure } = sessionSettings()
  return `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure ? '; Secure' : ''}`
}
