import { createHash, randomBytes, randomInt } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'

interface GithubUser {
  id: number
  login: string
  name: string | null
  emails: { email: string; primary: boolean; verified: boolean }[]
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

  const server = createServer((request, response) => {
    const json = (body: unknown, status = 200): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const url = new URL(request.url ?? '/', 'http://github.test')
    const user = tokens.get((request.headers.authorization ?? '').replace(/^Bearer /u, ''))
    switch (url.pathname) {
      case '/login/oauth/authorize': {
        if (present === null || url.searchParams.get('client_id') !== clientId) return json({ error: 'nobody' }, 400)
        const code = randomBytes(8).toString('hex')
        codes.set(code, { challenge: url.searchParams.get('code_challenge') ?? '', user: present })
        const back = new URL(url.searchParams.get('redirect_uri') ?? '')
        back.search = new URLSearchParams({ code, state: url.searchParams.get('state') ?? '' }).toString()
        return void response.writeHead(302, { location: back.href }).end()
      }
      case '/login/oauth/access_token':
        void readForm(request).then((form) => {
          const given = codes.get(form.get('code') ?? '')
          codes.delete(form.get('code') ?? '')
          const knows = form.get('client_secret') === clientSecret || isBasic(request, clientId, clientSecret)
          const proves = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url') === given?.challenge
          if (given === undefined || !knows || !proves) return json({ error: 'bad_verification_code' })
          const token = randomBytes(8).toString('hex')
          tokens.set(token, given.user)
          return json({ access_token: token, token_type: 'bearer', scope: 'read:user,user:email' })
        })
        return
      case '/api/v3/user':
        return user === undefined ? json({ message: 'Bad credentials' }, 401) : json({ id: user.id, login: user.login, name: user.name, email: null })
      case '/api/v3/user/emails':
        return user === undefined ? json({ message: 'Bad credentials' }, 401) : json(user.emails.map((email) => ({ ...email, visibility: null })))
      default:
        return json({ message: 'Not Found' }, 404)
    }
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
