import { parseApiKey } from '@/lib/auth/api-key-format'
import { AppError } from '@/lib/contract/errors'
import { findApiKeyByHash, type ApiKeyIdentity } from '@/lib/db/api-keys'
import { reaches, type Scope } from '@/lib/domain/permissions'

const SCHEME = /^\s*(?:Bearer|DeepL-Auth-Key)\s+(\S+)\s*$/iu

/**
 * Whose key a request carries. Throws AppError unauthenticated without one, invalid_api_key for one
 * that is wrong, revoked or expired, insufficient_permissions where its organisation is suspended.
 */
export async function authenticateKey(request: Request): Promise<ApiKeyIdentity> {
  const header = request.headers.get('authorization')
  if (header === null) {
    throw new AppError('unauthenticated', "There is no API key: send it in the header 'Authorization: Bearer KEY' or 'Authorization: DeepL-Auth-Key KEY'.")
  }
  const parsed = parseApiKey(SCHEME.exec(header)?.[1] ?? '')
  const identity = parsed === null ? null : await findApiKeyByHash(parsed.hash)
  if (identity === null) throw new AppError('invalid_api_key', 'The API key is not valid.')
  if (identity.revokedAt !== null) throw new AppError('invalid_api_key', 'The API key was revoked.')
  if (identity.expiresAt !== null && identity.expiresAt.getTime() <= Date.now()) throw new AppError('invalid_api_key', 'The API key has expired.')
  if (identity.orgSuspendedAt !== null) throw new AppError('insufficient_permissions', 'The organisation is suspended.')
  return identity
}

/** Throws AppError insufficient_permissions where the key does not reach what is asked for. */
export function requireScope(identity: ApiKeyIdentity, scopes: readonly Scope[]): void {
  if (scopes.length === 0 || scopes.some((scope) => reaches(identity.scopes, scope))) return
  throw new AppError('insufficient_permissions', `The API key lacks the scope ${scopes.join(' or ')}.`)
}
