import { newPriceBody } from '@/lib/contract/admin'
import { operatorRoute } from '@/lib/http/operator-route'
import { previewOfLastMonth } from '@/lib/services/change-price'

/** What a price would have made of last month; changes nothing. */
export const POST = operatorRoute(async ({ json, reply }) => reply(await previewOfLastMonth(await json(newPriceBody))))
