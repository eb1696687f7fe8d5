import { changePasswordBody } from '@/lib/contract/sign-in'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { changePassword } from '@/lib/services/change-password'

export const POST = sessionRoute(async (context) => {
  await changePassword(actorOf(context), await context.json(changePasswordBody))
  return context.reply({ changed: true })
})
