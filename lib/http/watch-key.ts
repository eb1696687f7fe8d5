import { accessEnd } from '@/lib/db/api-keys'
import { onAccessEnded } from '@/lib/db/listen'
import { keyRevoked, organizationSuspended } from './api-key-auth'
import { serverContext } from './server-context'

/**
 * Ends a request under way as soon as its key is revoked or its organisation suspended, whichever process that happens
 * in: aborts `controller` with the AppError that the next request would be answered with. Returns how to end the watch.
 */
export function watchKey(key: { keyId: string; orgId: string }, controller: AbortController): () => void {
  const look = async (): Promise<void> => {
    const end = await accessEnd(key.orgId, key.keyId)
    if (end !== null) controller.abort(end === 'revoked' ? keyRevoked() : organizationSuspended())
  }
  return onAccessEnded(key, () => {
    look().catch((error: unknown) => serverContext().logger.warn({ err: error, keyId: key.keyId }, 'whether a key still holds could not be read'))
  })
}
