import { Agent, request } from 'undici'
import { z } from 'zod'
import { AppError } from '@/lib/contract/errors'
import { guardedLookup, issuerUrl, type IssuerReach } from './issuer-address'

const PATIENCE_MS = 10_000
const MOST_BYTES = 256 * 1024

/** What a sign-in needs of https://openid.net/specs/openid-connect-discovery-1_0.html */
const metadataSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
  userinfo_endpoint: z.string().optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).default(['client_secret_basic']),
  id_token_signing_alg_values_supported: z.array(z.string()).default(['RS256']),
})

export type IssuerMetadata = z.infer<typeof metadataSchema>

/**
 * What the issuer says of itself under its `/.well-known/openid-configuration`, every address in it
 * within reach. AppError `invalid_request` (param `issuer`) where it is no issuer that can be used.
 */
export async function discoverIssuer(issuer: string, reach: IssuerReach): Promise<IssuerMetadata> {
  const base = issuerUrl(issuer, reach)
  const address = `${base.href.replace(/\/$/u, '')}/.well-known/openid-configuration`
  const parsed = metadataSchema.safeParse(await fetchJson(address, reach))
  if (!parsed.success) throw fault(`${address} is no OpenID Connect configuration.`)
  const metadata = parsed.data
  if (metadata.issuer !== issuer) throw fault(`The issuer there calls itself ${metadata.issuer}. Enter exactly that.`)
  const { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint } = metadata
  for (const endpoint of [authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint]) {
    if (endpoint !== undefined) issuerUrl(endpoint, reach)
  }
  return metadata
}

/** Follows no redirect: it could lead to where the issuer itself may not stand. */
async function fetchJson(address: string, reach: IssuerReach): Promise<unknown> {
  const dispatcher = new Agent({ connect: { lookup: guardedLookup(reach), timeout: PATIENCE_MS }, maxResponseSize: MOST_BYTES })
  try {
    const response = await request(address, {
      dispatcher,
      headers: { accept: 'application/json' },
      headersTimeout: PATIENCE_MS,
      bodyTimeout: PATIENCE_MS,
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    if (response.statusCode !== 200) throw fault(`${address} answered ${response.statusCode}.`)
    return await response.body.json()
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw fault(`${address} could not be read.`, cause)
  } finally {
    await dispatcher.destroy()
  }
}

function fault(message: string, cause?: unknown): AppError {
  return new AppError('invalid_request', message, { param: 'issuer', cause })
}
