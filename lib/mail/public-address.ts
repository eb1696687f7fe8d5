import type { Env } from '@/lib/contract/env'

/**
 * The address that links in mail lead to: NEXTAUTH_URL, or this machine's own. Never what a request
 * names as its host, which whoever sends it may choose.
 */
export function publicAddress({ NEXTAUTH_URL: configured, HOST: host, PORT: port }: Env): string {
  if (configured !== undefined) return new URL(configured).origin
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${shown}:${port}`
}
