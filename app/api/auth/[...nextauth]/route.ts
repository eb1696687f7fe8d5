import NextAuth from 'next-auth'
import type { NextRequest } from 'next/server'

import { prepareAuth } from '@/lib/http/auth-request'
import { serverContext } from '@/lib/http/server-context'

interface AuthContext {
  params: Promise<{ nextauth: string[] }>
}

// The options are read per request: at build time there is no environment to read them from.
async function handler(request: NextRequest, context: AuthContext): Promise<Response> {
  const { nextauth } = await context.params
  const prepared = await prepareAuth(request, nextauth)
  if ('refused' in prepared) return refusal(request, prepared)
  // next-auth's handler is typed as any: the types it ships cover the pages router only.
  const answer = NextAuth(prepared) as (request: NextRequest, context: AuthContext) => Promise<Response>
  return answer(request, context)
}

/** As next-auth answers an error: to a script the page's address, to a browser the page. */
async function refusal(request: NextRequest, { refused, status }: { refused: string; status: number }): Promise<Response> {
  const page = `/sign-in?error=${encodeURIComponent(refused)}`
  const form = request.method === 'POST' ? await request.formData().catch(() => null) : null
  if (form?.get('json') !== 'true') return new Response(null, { status: 303, headers: { location: page } })
  // next-auth's own script takes a whole address alone, of which it reads the error.
  const { NEXTAUTH_URL: configured } = serverContext().env
  const host = request.headers.get('x-forwarded-host') ?? request.headers.get('host') ?? request.nextUrl.host
  return Response.json({ url: new URL(page, configured ?? `${request.nextUrl.protocol}//${host}`).href }, { status })
}

export { handler as GET, handler as POST }
