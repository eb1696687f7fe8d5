import type { z } from 'zod'
import QRCode from 'qrcode'

import { confirmationBody, type secondFactorSetup } from '@/lib/contract/sign-in'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { beginSecondFactor, removeSecondFactor } from '@/lib/services/second-factor'

/** What an authenticator app is set up with; it counts once its first code was sent to ./confirm. */
export const POST = sessionRoute(async (context) => {
  const { secret, uri } = await beginSecondFactor(actorOf(context), await context.json(confirmationBody))
  const svg = await QRCode.toString(uri, { type: 'svg', margin: 2 })
  const picture = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
  return context.reply({ secret, uri, picture } satisfies z.input<typeof secondFactorSetup>)
})

export const DELETE = sessionRoute(async (context) => {
  await removeSecondFactor(actorOf(context), await context.json(confirmationBody))
  return context.reply({ removed: true })
})
