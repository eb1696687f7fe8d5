import { createHash, timingSafeEqual } from 'node:crypto'
import { isIPv4 } from 'node:net'

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Whether an `Authorization` header carries the token. Its time does not depend on where they differ. */
export function isAuthorized(header: string | undefined, token: string | null): boolean {
  if (token === null) return true
  const given = /^Bearer (.+)$/i.exec(header ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(given), digest(token))
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/** Throws where the worker would be open to the network without a token. */
export function assertMayBind(host: string, token: string | null): void {
  if (token !== null || isLoopback(host)) return
  throw new Error(`WORKER_HOST is ${host}, which others can reach: set WORKER_TOKEN, in the app's environment too, or bind to 127.0.0.1.`)
}
