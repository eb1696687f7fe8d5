import { parseApiKey } from '@/lib/auth/api-key-format'
import { AppError } from '@/lib/contract/errors'
import { admitRequest, type Admission, type ApiKeyIdentity } from '@/lib/db/admission'
import { reaches, type Scope } from '@/lib/domain/permissions'
import { clientAddress } from './client-address'
import { serverContext } from './server-context'

const SCHEME = /^\s*(?:Bearer|DeepL-Auth-Key)\s+(\S+)\s*$/iu

/** Looks the request's key up and counts the request against its limits; judges neither. */
export function admitKey(request: Request): Promise<Admission> {
  const parsed = parseApiKey(SCHEME.exec(request.headers.get('authorization') ?? '')?.[1] ?? '')
  return admitRequest(parsed?.hash ?? null, clientAddress(request), serverContext().rateLimits)
}

/**
 * Whose key an admitted request carries. Throws AppError unauthenticated without one, invalid_api_key for one
 * that is wrong, revoked or expired, insufficient_permissions where its organisation is suspended.
 */
export function requireKey(request: Request, { identity }: Admission): ApiKeyIdentity {
  if (request.headers.get('authorization') === null) {
    throw new AppError('unauthenticated', "There is no API key: send it in the header 'Authorization: Bearer KEY' or 'Authorization: DeepL-Auth-Key KEY'.")
  }
  if (identity === null) throw new AppError('invalid_api_key', 'The API key is not valid.')
  if (identity.revokedAt !== null) throw keyRevoked()
  if (identity.expiresAt !== null && identity.expiresAt.getTime() <= Date.now()) throw new AppError('invalid_api_key', 'The API key has expired.')
  if (identity.orgSuspendedAt !== null) throw organizationSuspended()
  return identity
}

export function keyRevoked(): AppError {
  return new AppError('invalid_api_key', 'The API key was revoked.')
}

export function organizationSuspended(): AppError {
  return new AppError('insufficient_permissions', 'The organisation is suspended.')
}

/** Throws AppError insufficient_permissions where the key does not reach what is asked for. */
export function requireScope(identity: ApiKeyIdentity, scopes: readonly Scope[]): void {
  if (scopes.length === 0 || scopes.some((scope) => reaches(identity.scopes, scope))) return
  throw new AppError('insufficient_permissions', `The API key lacks the scope ${scopes.join(' or ')}.`)
}
