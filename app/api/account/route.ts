import { updateAccountBody } from '@/lib/contract/browser'
import { setUserName } from '@/lib/db/users'
import { sessionRoute } from '@/lib/http/session-route'

export const PATCH = sessionRoute(async ({ session, json, reply }) => {
  const { name } = await json(updateAccountBody)
  await setUserName(session.userId, name)
  return reply({ name })
})
