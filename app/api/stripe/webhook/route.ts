import { AppError } from '@/lib/contract/errors'
import { readBody } from '@/lib/http/request-body'
import { answerRequest, type RouteHandler } from '@/lib/http/route-handling'
import { serverContext } from '@/lib/http/server-context'
import { handleStripeNotice } from '@/lib/services/handle-stripe-notice'
import { stripeAccount } from '@/lib/services/stripe-client'

/** Stripe's largest notices are some tens of kilobytes. */
const BODY_BYTES = 1024 * 1024

/** Stripe's notices; whoever sends them is known by the signature over the raw body. */
export const POST: RouteHandler = (request) =>
  answerRequest('browser', request, async () => {
    const account = stripeAccount(serverContext().env)
    if (account === null) throw new AppError('not_found', 'This installation takes no payments.')
    const outcome = await handleStripeNotice(account, await readBody(request, BODY_BYTES), request.headers.get('stripe-signature'))
    return Response.json({ received: true, outcome })
  })
