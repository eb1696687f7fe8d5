import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { NextApiRequest, NextApiResponse } from 'next'
import NextAuth from 'next-auth'
import { z } from 'zod'
import { prepareAuth } from '../auth-request'

const AUTH_PATH = '/api/auth/'

export interface AuthApp {
  url: string
  close: () => Promise<void>
}

/** The app's own next-auth behind a server on loopback, and an empty page at every other address. */
export async function startAuthApp(): Promise<AuthApp> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The app has no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** As Next's pages router calls next-auth: the app router's way to it needs Next's own server around it. */
async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? ''}`)
  if (!url.pathname.startsWith(AUTH_PATH)) {
    outgoing.end('a page')
    return
  }
  const nextauth = url.pathname.slice(AUTH_PATH.length).split('/')
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk as Uint8Array)) // a request streams bytes
  const headers = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []))
  const prepared = await prepareAuth(new Request(url, { method: incoming.method ?? 'GET', headers }), nextauth)
  if ('refused' in prepared) {
    outgoing.writeHead(302, { location: `/sign-in?error=${prepared.refused}` }).end()
    return
  }
  const cookies = (incoming.headers.cookie ?? '').split('; ').map((pair) => [pair.slice(0, pair.indexOf('=')), decodeURIComponent(pair.slice(pair.indexOf('=') + 1))])
  const request = Object.assign(incoming, {
    query: { ...Object.fromEntries(url.searchParams), nextauth },
    cookies: Object.fromEntries(cookies) as Record<string, string>, // pairs of texts
    body: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())),
  })
  const response = Object.assign(outgoing, {
    status: (code: number) => Object.assign(outgoing, { statusCode: code }),
    json: (body: unknown) => outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
    send: (body: unknown) => outgoing.end(typeof body === 'object' ? JSON.stringify(body) : body),
  })
  // What of Next's two types next-auth uses is there.
  await NextAuth(request as unknown as NextApiRequest, response as unknown as NextApiResponse, prepared)
}

const csrfAnswer = z.object({ csrfToken: z.string() })
const urlAnswer = z.object({ url: z.string() })

/** A browser with one jar of cookies, all servers being 127.0.0.1 as they are here. */
export class TestBrowser {
  readonly cookies = new Map<string, string>()

  constructor(
    private readonly app: string,
    private readonly userAgent = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
  ) {}

  /** Follows redirects until a page; its address. */
  async visit(address: string): Promise<URL> {
    return new URL(await this.visitUntil(address, () => false))
  }

  /** The same, up to an address that is not visited any more. */
  async visitUntil(address: string, isEnd: (url: URL) => boolean): Promise<string> {
    let url = new URL(address, this.app)
    for (let hops = 0; hops < 20; hops += 1) {
      if (isEnd(url)) return url.href
      const response = await this.send(url, {})
      await response.body?.cancel()
      const location = response.headers.get('location')
      if (location === null) return url.href
      url = new URL(location, url)
    }
    throw new Error(`${address} redirects for ever.`)
  }

  /** Presses a provider's button; the address that the browser is sent to. */
  async begin(provider: string): Promise<string> {
    return this.post(`/api/auth/signin/${provider}`, { callbackUrl: `${this.app}/chat` })
  }

  /** Signs in through a provider; the page that it ends at, as a path. */
  async signInThrough(provider: string): Promise<string> {
    const { pathname, search } = await this.visit(await this.begin(provider))
    return `${pathname}${search}`
  }

  /** Signs in by password; the error's code, or null. */
  async signIn(email: string, password: string, code?: string): Promise<string | null> {
    const url = await this.post('/api/auth/callback/credentials', { email, password, ...(code === undefined ? {} : { code }) })
    return new URL(url, this.app).searchParams.get('error')
  }

  get sessionToken(): string | undefined {
    return this.cookies.get('next-auth.session-token')
  }

  private async post(path: string, fields: Record<string, string>): Promise<string> {
    const { csrfToken } = csrfAnswer.parse(await (await this.send(new URL('/api/auth/csrf', this.app), {})).json())
    const body = new URLSearchParams({ ...fields, csrfToken, json: 'true' })
    const response = await this.send(new URL(path, this.app), { method: 'POST', body })
    if (response.headers.get('location') !== null) return response.headers.get('location') ?? ''
    return urlAnswer.parse(await response.json()).url
  }

  private async send(url: URL, init: RequestInit): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie, 'user-agent': this.userAgent } })
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ')
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
      const gone = attributes.some((attribute) => /^max-age=0$/iu.test(attribute) || /^expires=Thu, 01 Jan 1970/iu.test(attribute))
      if (gone || value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return response
  }
}
