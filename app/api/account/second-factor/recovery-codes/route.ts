import { confirmationBody } from '@/lib/contract/sign-in'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { newCodes } from '@/lib/services/second-factor'

/** New recovery codes, answered this once; the old ones are gone. */
export const POST = sessionRoute(async (context) => context.reply({ codes: await newCodes(actorOf(context), await context.json(confirmationBody)) }))
