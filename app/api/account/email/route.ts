import { emailVerificationBody } from '@/lib/contract/organizations'
import { originOf } from '@/lib/http/actor'
import { limitAddress } from '@/lib/http/rate-limit'
import { sessionRoute } from '@/lib/http/session-route'
import { mailVerification, verifyEmail } from '@/lib/services/verify-email'

/** Mails the link that confirms the person's own address. */
export const POST = sessionRoute(async ({ session, request, reply }) => {
  await limitAddress(request, 'password-reset')
  const { userId, email, name } = session
  return reply({ mail: await mailVerification({ userId, email, name }) })
})

/** Confirms the address with the token of that link. */
export const PATCH = sessionRoute(async ({ session, request, json, reply }) => {
  const { token } = await json(emailVerificationBody)
  await verifyEmail(token, session, originOf(request))
  return reply({ verified: true })
})
