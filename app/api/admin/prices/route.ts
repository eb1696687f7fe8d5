import { newPriceBody } from '@/lib/contract/admin'
import { operatorRoute } from '@/lib/http/operator-route'
import { changePrice } from '@/lib/services/change-price'

/** Adds a version of a price, valid from a moment to come or from now on. */
export const POST = operatorRoute(async ({ operator, json, reply }) => {
  await changePrice(operator, await json(newPriceBody))
  return reply({ added: true }, 201)
})
