import { createSession, findSession } from '@/lib/db/sessions'
import type { Actor } from '../actor'

/** A session of the person in the organisation, as a request of it would act. */
export async function actorIn(orgId: string, userId: string): Promise<Actor> {
  const id = await createSession(userId, { orgId, userAgent: null, ttlSeconds: 60 })
  const session = await findSession(id)
  if (session === null) throw new Error('The session that was just made is live.')
  return { ...session, origin: { ip: '192.0.2.7', userAgent: 'Browser' } }
}
