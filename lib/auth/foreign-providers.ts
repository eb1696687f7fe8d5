import type { OAuthConfig } from 'next-auth/providers/oauth'
import { z } from 'zod'
import type { Env } from '@/lib/contract/env'
import { AppError } from '@/lib/contract/errors'
import { findIdentityProvider } from '@/lib/db/identity-providers'
import type { ForeignProfile } from './foreign-sign-in'
import { guardedLookup, issuerReach, type IssuerReach } from './issuer-address'
import { discoverIssuer, type IssuerMetadata } from './issuer-discovery'
import { openSecret } from './secret-box'

/** A way in from elsewhere: how next-auth speaks to it, and who comes back by it. */
export interface ForeignProvider {
  config: OAuthConfig<Record<string, unknown>>
  /** Throws where the provider's answer is not what it has to be. */
  profileOf: (claims: unknown) => ForeignProfile
}

export const ISSUER_PREFIX = 'oidc-'

const HTTP_TIMEOUT_MS = 10_000

/** The ways in that the installation offers to everybody. */
export function offeredProviders(env: Env): ('github' | 'google')[] {
  const github = env.GITHUB_ID !== undefined && env.GITHUB_SECRET !== undefined
  const google = env.GOOGLE_ID !== undefined && env.GOOGLE_SECRET !== undefined
  return [...(google ? ['google' as const] : []), ...(github ? ['github' as const] : [])]
}

/** By the id in next-auth's path; null where there is none such. AppError where an issuer cannot be reached or used. */
export async function foreignProvider(id: string, env: Env): Promise<ForeignProvider | null> {
  if (id === 'github') return githubProvider(env)
  if (id === 'google') return googleProvider(env)
  return id.startsWith(ISSUER_PREFIX) ? organizationProvider(id.slice(ISSUER_PREFIX.length), env) : null
}

const githubUser = z.object({ id: z.number(), login: z.string(), name: z.string().nullish() })
const githubEmails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))
const githubProfile = githubUser.extend({ emails: githubEmails })

/** https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps, of github.com or of an Enterprise Server. */
function githubProvider({ GITHUB_ID, GITHUB_SECRET, GITHUB_URL }: Env): ForeignProvider | null {
  if (GITHUB_ID === undefined || GITHUB_SECRET === undefined) return null
  const site = GITHUB_URL.replace(/\/$/u, '')
  const api = site === 'https://github.com' ? 'https://api.github.com' : `${site}/api/v3`
  return {
    config: {
      id: 'github',
      name: 'GitHub',
      type: 'oauth',
      clientId: GITHUB_ID,
      clientSecret: GITHUB_SECRET,
      issuer: `${site}/login/oauth`,
      checks: ['state', 'pkce'],
      httpOptions: { timeout: HTTP_TIMEOUT_MS },
      authorization: { url: `${site}/login/oauth/authorize`, params: { scope: 'read:user user:email' } },
      token: `${site}/login/oauth/access_token`,
      userinfo: { url: `${api}/user`, request: ({ tokens }) => readGithubUser(api, tokens.access_token ?? '') },
      profile: (claims) => ({ id: String(claims['id']) }),
    },
    profileOf: (claims) => {
      const { id, login, name, emails } = githubProfile.parse(claims)
      const email = emails.find(({ primary }) => primary)
      return {
        provider: 'github',
        method: 'github',
        subject: id.toString(),
        name: name ?? login,
        email: email?.email.toLowerCase() ?? null,
        emailVerified: email?.verified ?? false,
        issuer: null,
      }
    },
  }
}

async function readGithubUser(api: string, accessToken: string): Promise<Record<string, unknown>> {
  const read = async (path: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/vnd.github+json', 'user-agent': 'Parley' }
    const response = await fetch(`${api}${path}`, { headers, signal: AbortSignal.timeout(HTTP_TIMEOUT_MS) })
    if (!response.ok) throw new Error(`GitHub answered ${response.status} for ${path}.`)
    return response.json()
  }
  const [user, emails] = await Promise.all([read('/user'), read('/user/emails')])
  return { ...githubUser.parse(user), emails: githubEmails.parse(emails) }
}

async function googleProvider(env: Env): Promise<ForeignProvider | null> {
  const { GOOGLE_ID: clientId, GOOGLE_SECRET: clientSecret, GOOGLE_ISSUER: issuer } = env
  if (clientId === undefined || clientSecret === undefined) return null
  // The operator has set this address; it need not be kept from anywhere.
  const metadata = await discoverIssuer(issuer, 'private')
  const config = issuerConfig({ id: 'google', name: 'Google', clientId, clientSecret }, metadata, 'private')
  return { config, profileOf: (claims) => issuerProfile(claims, { provider: 'google', method: 'google', issuer: null }) }
}

async function organizationProvider(providerId: string, env: Env): Promise<ForeignProvider | null> {
  const found = await findIdentityProvider({ id: providerId })
  if (found === null) return null
  const reach = issuerReach(env)
  const metadata = await discoverIssuer(found.issuer, reach)
  const id = `${ISSUER_PREFIX}${found.id}`
  const config = issuerConfig({ id, name: found.name, clientId: found.clientId, clientSecret: openSecret(found.clientSecret) }, metadata, reach)
  const issuer = { id: found.id, orgId: found.orgId }
  return { config, profileOf: (claims) => issuerProfile(claims, { provider: id, method: 'sso', issuer }) }
}

const issuerClaims = z.object({
  sub: z.string().min(1).max(255),
  name: z.string().optional(),
  email: z.string().max(254).optional(),
  // Some send it as a text.
  email_verified: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).default(false),
})

const looseClaims = z.looseObject({ sub: z.string() })

function issuerProfile(claims: unknown, rest: Pick<ForeignProfile, 'provider' | 'method' | 'issuer'>): ForeignProfile {
  const { sub, name = '', email, email_verified } = issuerClaims.parse(claims)
  return { ...rest, subject: sub, name, email: email?.trim().toLowerCase() ?? null, emailVerified: email_verified }
}

interface IssuerClient {
  id: string
  name: string
  clientId: string
  clientSecret: string
}

/** Of an ID token whose signature, issuer, audience and nonce next-auth has checked. */
function verifiedClaims(idToken: string | undefined): z.infer<typeof looseClaims> {
  const [, payload = ''] = idToken?.split('.') ?? []
  return looseClaims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
}

/** The code flow with PKCE, state and nonce. */
function issuerConfig({ id, name, clientId, clientSecret }: IssuerClient, metadata: IssuerMetadata, reach: IssuerReach): ForeignProvider['config'] {
  const { token_endpoint_auth_methods_supported: methods, id_token_signing_alg_values_supported: algorithms } = metadata
  const algorithm = ['RS256', 'ES256', 'PS256', 'EdDSA'].find((candidate) => algorithms.includes(candidate))
  if (algorithm === undefined) throw new AppError('invalid_request', 'The issuer signs by no algorithm that is known here.', { param: 'issuer' })
  return {
    id,
    name,
    type: 'oauth',
    clientId,
    clientSecret,
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    issuer: metadata.issuer,
    jwks_endpoint: metadata.jwks_uri,
    client: {
      token_endpoint_auth_method: methods.includes('client_secret_basic') ? 'client_secret_basic' : 'client_secret_post',
      id_token_signed_response_alg: algorithm,
    },
    // The issuer's own endpoints are called under the same guard as its configuration was.
    httpOptions: { timeout: HTTP_TIMEOUT_MS, lookup: guardedLookup(reach) },
    authorization: { url: metadata.authorization_endpoint, params: { scope: 'openid email profile' } },
    token: metadata.token_endpoint,
    userinfo: {
      url: metadata.userinfo_endpoint ?? '',
      // Many issuers put the address into the ID token only on demand.
      request: async ({ client, tokens }) => {
        const claims = verifiedClaims(tokens.id_token)
        if (claims['email'] !== undefined || metadata.userinfo_endpoint === undefined) return claims
        const told = await client.userinfo(tokens.access_token ?? '')
        if (told.sub !== claims.sub) throw new Error('The issuer’s user info is of somebody else than its ID token.')
        return { ...told, ...claims }
      },
    },
    profile: (claims) => ({ id: String(claims['sub']) }),
  }
}
