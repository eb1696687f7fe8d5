import { offeredProviders } from '@/lib/auth/foreign-providers'
import { serverContext } from '@/lib/http/server-context'

const NAMES = { google: 'Google', github: 'GitHub' } as const

/** The providers that this installation offers to everybody, as the pages name them. */
export function signInProviders(): { id: 'google' | 'github'; name: string }[] {
  return offeredProviders(serverContext().env).map((id) => ({ id, name: NAMES[id] }))
}
