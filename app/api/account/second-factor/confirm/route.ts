import { codeBody } from '@/lib/contract/sign-in'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { confirmSecondFactor } from '@/lib/services/second-factor'

/** Answers the recovery codes, this once. */
export const POST = sessionRoute(async (context) => {
  const { code } = await context.json(codeBody)
  return context.reply({ codes: await confirmSecondFactor(actorOf(context), code) })
})
