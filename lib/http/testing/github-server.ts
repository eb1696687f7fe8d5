import { createHash, randomBytes, randomInt } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'

interface GithubUser {
  id: number
  login: string
  name: string | null
  emails: { email: string; primary: boolean; verified: boolean }[]
}

interface Reply {
  status: number
  body: object
  location?: string
}

export interface TestGithub {
  url: string
  clientId: string
  clientSecret: string
  /** Who is signed in there from now on. */
  signIn: (user: Pick<GithubUser, 'name' | 'emails'>) => GithubUser
  close: () => Promise<void>
}

/** A server that speaks as a GitHub Enterprise Server does to an OAuth app: it checks client, code and PKCE. */
export async function startGithub(): Promise<TestGithub> {
  const [clientId, clientSecret] = ['a github app', 'a github secret']
  const codes = new Map<string, { challenge: string; user: GithubUser }>()
  const tokens = new Map<string, GithubUser>()
  let present: GithubUser | null = null

  function authorize(query: URLSearchParams): Reply {
    const back = query.get('redirect_uri') ?? ''
    if (present === null || query.get('client_id') !== clientId || !URL.canParse(back)) return { status: 400, body: { error: 'nobody' } }
    const code = randomBytes(8).toString('hex')
    codes.set(code, { challenge: query.get('code_challenge') ?? '', user: present })
    return { status: 302, body: {}, location: `${back}?${new URLSearchParams({ code, state: query.get('state') ?? '' }).toString()}` }
  }

  function accessToken(request: IncomingMessage, form: URLSearchParams): Reply {
    const code = form.get('code') ?? ''
    const given = codes.get(code)
    codes.delete(code)
    const knows = form.get('client_secret') === clientSecret || isBasic(request, clientId, clientSecret)
    const proves = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url') === given?.challenge
    // GitHub tells a fault with a status of 200.
    if (given === undefined || !knows || !proves) return { status: 200, body: { error: 'bad_verification_code' } }
    const token = randomBytes(8).toString('hex')
    tokens.set(token, given.user)
    return { status: 200, body: { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' } }
  }

  async function reply(request: IncomingMessage): Promise<Reply> {
    const url = new URL(request.url ?? '/', 'http://github.test')
    if (url.pathname === '/login/oauth/authorize') return authorize(url.searchParams)
    if (url.pathname === '/login/oauth/access_token') return accessToken(request, await readForm(request))
    const user = tokens.get((request.headers.authorization ?? '').replace(/^Bearer /u, ''))
    if (user === undefined) return { status: 401, body: { message: 'Bad credentials' } }
    const { id, login, name, emails } = user
    if (url.pathname === '/api/v3/user') return { status: 200, body: { id, login, name, email: null } }
    if (url.pathname === '/api/v3/user/emails') return { status: 200, body: emails.map((email) => ({ ...email, visibility: null })) }
    return { status: 404, body: { message: 'Not Found' } }
  }

  const server = createServer((request, response) => {
    void reply(request).then(({ status, body, location }) => {
      response.writeHead(status, { 'content-type': 'application/json', ...(location === undefined ? {} : { location }) }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    clientId,
    clientSecret,
    signIn: (user) => (present = { ...user, id: randomInt(1_000_000_000), login: `octocat-${randomBytes(3).toString('hex')}` }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** RFC 6749, 2.3.1: both are form-encoded before they are joined. */
function isBasic(request: IncomingMessage, clientId: string, clientSecret: string): boolean {
  const [kind, value = ''] = request.headers.authorization?.split(' ') ?? []
  const form = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1)
  return kind === 'Basic' && Buffer.from(value, 'base64').toString() === `${form(clientId)}:${form(clientSecret)}`
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array)) // a request streams bytes
  return new URLSearchParams(Buffer.concat(chunks).toString())
}
