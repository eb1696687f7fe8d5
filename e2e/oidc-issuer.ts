import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'

import Provider from 'oidc-provider'

/** Somebody who has an account at the issuer. */
export interface IssuerPerson {
  sub: string
  email?: string
  email_verified?: boolean
  name?: string
}

export interface OidcIssuer {
  /** Its address, on a free port of the loopback. */
  issuer: string
  clientId: string
  clientSecret: string
  /** Where it may send people back to, beside those given at its start. */
  allowRedirect: (uri: string) => void
  /** Who is signed in there without being asked; null: a form asks for the subject. */
  signIn: (person: IssuerPerson | null) => void
  addPerson: (person: IssuerPerson) => void
  close: () => Promise<void>
}

const FORM = '<!doctype html><title>Issuer</title><form method="post"><label>Subject <input name="sub"></label><button>Continue</button></form>'

/** A real OpenID Connect issuer, which insists on PKCE and gives the e-mail by its user info alone. */
export async function startOidcIssuer(): Promise<OidcIssuer> {
  const people = new Map<string, IssuerPerson>()
  const redirects: string[] = []
  let present: IssuerPerson | null = null

  // The issuer's own address is needed before the provider that listens there is made.
  let handle: ReturnType<Provider['callback']> | null = null
  const server = createServer((request, response) => {
    const [, uid] = /^\/interaction\/([\w-]+)/u.exec(request.url ?? '') ?? []
    if (uid === undefined) void handle?.(request, response)
    else interact(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The issuer has no port.')
  const issuer = `http://127.0.0.1:${address.port}`
  const [clientId, clientSecret] = ['parley', 'a client secret of the tests']

  const provider: Provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: ['http://127.0.0.1/none'], response_types: ['code'], grant_types: ['authorization_code'] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ['a key of the tests'] },
    jwks: { keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    findAccount: (_, sub) => {
      const person = people.get(sub)
      return person && { accountId: sub, claims: () => ({ ...person }) }
    },
    // One consent is as good as another here.
    loadExistingGrant: async (context) => {
      const { client, session } = context.oidc
      const grant = new provider.Grant({ clientId: client?.clientId ?? '', accountId: session?.accountId ?? '' })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  // Addresses are added as apps under test come up.
  provider.Client.prototype.redirectUriAllowed = (uri: string) => redirects.includes(uri)
  handle = provider.callback()

  async function interact(...[request, response]: Parameters<NonNullable<typeof handle>>): Promise<void> {
    if (present === null && request.method !== 'POST') {
      response.setHeader('content-type', 'text/html')
      response.end(FORM)
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array)) // a request streams bytes
    const accountId = present?.sub ?? new URLSearchParams(Buffer.concat(chunks).toString()).get('sub') ?? ''
    await provider.interactionFinished(request, response, { login: { accountId, remember: false } }, { mergeWithLastSubmission: false })
  }

  return {
    issuer,
    clientId,
    clientSecret,
    allowRedirect: (uri) => void redirects.push(uri),
    signIn: (person) => {
      present = person
      if (person !== null) people.set(person.sub, person)
    },
    addPerson: (person) => void people.set(person.sub, person),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
