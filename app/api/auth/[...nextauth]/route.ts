import NextAuth from 'next-auth'
import { NextResponse, type NextRequest } from 'next/server'

import { authOptions } from '@/lib/auth/auth-options'
import { foreignProvider, type ForeignProvider } from '@/lib/auth/foreign-providers'
import { sessionOfRequest } from '@/lib/auth/session'
import { AppError } from '@/lib/contract/errors'
import { originOf, reportFailure } from '@/lib/http/actor'
import { limitAddress } from '@/lib/http/rate-limit'
import { serverContext } from '@/lib/http/server-context'
import { tellOfNewDevice } from '@/lib/services/tell-of-new-device'

interface AuthContext {
  params: Promise<{ nextauth: string[] }>
}

// The options are read per request: at build time there is no environment to read them from.
async function handler(request: NextRequest, context: AuthContext): Promise<Response> {
  const { nextauth } = await context.params
  const [action, providerId] = nextauth
  let provider: ForeignProvider | null = null
  if ((action === 'signin' || action === 'callback') && providerId !== undefined) {
    try {
      if (request.method === 'POST') await limitAddress(request, 'sign-in')
      provider = await foreignProvider(providerId, serverContext().env)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return await refusal(request, error)
    }
  }
  const origin = originOf(request)
  const options = authOptions({
    origin,
    session: await sessionOfRequest(request),
    provider,
    onNewDevice: (userId) => void tellOfNewDevice(userId, origin).catch(reportFailure('the mail about a new device was not sent')),
  })
  // next-auth's handler is typed as any: the types it ships cover the pages router only.
  const answer = NextAuth(options) as (request: NextRequest, context: AuthContext) => Promise<Response>
  return answer(request, context)
}

/** As next-auth answers an error: to a script the page's address, to a browser the page. */
async function refusal(request: NextRequest, { code, message, retryAfter }: AppError): Promise<Response> {
  const limited = code === 'rate_limit_exceeded'
  serverContext().logger.warn({ reason: message }, limited ? 'a sign-in was limited' : 'a provider cannot be used')
  const url = new URL('/sign-in', request.nextUrl.origin)
  url.searchParams.set('error', limited ? `${code}:${retryAfter ?? 60}` : 'provider_unavailable')
  if (request.method !== 'POST') return NextResponse.redirect(url)
  const form = await request.formData().catch(() => null)
  if (form?.get('json') !== 'true') return NextResponse.redirect(url, 303)
  return Response.json({ url: url.href }, limited ? { status: 429, headers: { 'retry-after': String(retryAfter ?? 60) } } : { status: 200 })
}

export { handler as GET, handler as POST }
