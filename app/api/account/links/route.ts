import { confirmationBody, unlinkBody } from '@/lib/contract/sign-in'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { beginLinking, unlink } from '@/lib/services/linked-accounts'

/** Lets the session link one more account; the page then signs in there. */
export const POST = sessionRoute(async (context) => {
  await beginLinking(actorOf(context), await context.json(confirmationBody))
  return context.reply({ allowed: true })
})

export const DELETE = sessionRoute(async (context) => {
  const { provider, subject, ...confirmation } = await context.json(unlinkBody)
  await unlink(actorOf(context), { provider, subject }, confirmation)
  return context.reply({ unlinked: true })
})
