import { z } from 'zod'

/** What the pages of sign-in and security say to their server. */

const newPassword = z.string().min(8, 'Use at least 8 characters.').max(200, 'Use at most 200 characters.')
const code = z.string().trim().min(1, 'Enter the code.').max(40, 'This is too long for a code.')
const blank = (text: string): string | undefined => (text === '' ? undefined : text)

/** Shows that it is still the person: the password, where there is one, and a code, where there is a second factor. */
export const confirmationBody = z.object({
  password: z.string().max(200).transform(blank).optional(),
  code: z.string().trim().max(40).transform(blank).optional(),
})
export type Confirmation = z.output<typeof confirmationBody>

export const codeBody = z.object({ code })

export const changePasswordBody = confirmationBody.extend({ newPassword })

/** What an authenticator app is set up with, and its picture as an address. */
export const secondFactorSetup = z.object({ secret: z.string(), uri: z.string(), picture: z.string() })
export type SecondFactorSetup = z.infer<typeof secondFactorSetup>

export const recoveryCodes = z.object({ codes: z.array(z.string()) })

export const unlinkBody = confirmationBody.extend({ provider: z.string().max(80), subject: z.string().max(300) })

export const ssoLookupBody = z.object({ email: z.string().trim().toLowerCase().pipe(z.email('Enter your e-mail address at work.').max(254)) })
/** next-auth's id of the organisation's issuer. */
export const ssoLookup = z.object({ provider: z.string() })

const required = (what: string) => z.string().trim().min(1, `Enter ${what}.`).max(400, 'Use at most 400 characters.')

export const identityProviderBody = z.object({
  name: z.string().trim().min(1, 'Enter a name for the button.').max(60, 'Use at most 60 characters.'),
  issuer: required('the issuer’s address'),
  clientId: required('the client id'),
  /** Left out: the one that is kept stays. */
  clientSecret: z.string().trim().max(400).transform(blank).optional(),
  required: z.boolean(),
  autoJoinRole: z.enum(['admin', 'member', 'billing']).nullable(),
})
export type IdentityProviderBody = z.output<typeof identityProviderBody>

/** A name under a public suffix, in ASCII; a domain of its own language comes in its xn-- form. */
const DOMAIN = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/u

export const ssoDomainBody = z.object({
  domain: z.string().trim().toLowerCase().transform((text) => text.replace(/^@/u, '')).pipe(z.string().regex(DOMAIN, 'Enter a domain, such as example.com.')),
})
