import type { NextAuthOptions } from 'next-auth'
import { authOptions } from '@/lib/auth/auth-options'
import { foreignProvider, type ForeignProvider } from '@/lib/auth/foreign-providers'
import { sessionOfRequest } from '@/lib/auth/session'
import { AppError } from '@/lib/contract/errors'
import { tellOfNewDevice } from '@/lib/services/tell-of-new-device'
import { originOf, reportFailure } from './actor'
import { limitAddress } from './rate-limit'
import { serverContext } from './server-context'

/**
 * What next-auth answers a request by: its options, with the provider that the path names; or why it is
 * not asked at all, as a code for the page of sign-in: `rate_limit_exceeded:SECONDS`, `provider_unavailable`.
 */
export async function prepareAuth(request: Request, path: readonly string[]): Promise<NextAuthOptions | { refused: string; status: number }> {
  const [action = '', providerId = ''] = path
  let provider: ForeignProvider | null = null
  try {
    if (request.method === 'POST' && (action === 'callback' || action === 'signin')) await limitAddress(request, 'sign-in')
    if (action === 'callback' || action === 'signin') provider = await foreignProvider(providerId, serverContext().env)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'rate_limit_exceeded') return { refused: `${error.code}:${error.retryAfter ?? 60}`, status: error.status }
    serverContext().logger.warn({ provider: providerId, reason: error.message }, 'a provider cannot be used')
    return { refused: 'provider_unavailable', status: 200 }
  }
  const origin = originOf(request)
  const options = authOptions({
    origin,
    session: await sessionOfRequest(request),
    provider,
    onNewDevice: (userId) => void tellOfNewDevice(userId, origin).catch(reportFailure('the mail about a new device was not sent')),
  })
  return { ...options, logger: NEXT_AUTH_LOGGER }
}

/** A sign-in that fails is its visitor's doing as often as a provider's. */
const NEXT_AUTH_LOGGER: NonNullable<NextAuthOptions['logger']> = {
  error: (code, metadata) => serverContext().logger.warn({ code, err: metadata instanceof Error ? metadata : metadata.error }, 'a sign-in failed'),
  warn: (code) => serverContext().logger.debug({ code }, 'next-auth'),
  debug: () => undefined,
}
