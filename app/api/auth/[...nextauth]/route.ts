import NextAuth from 'next-auth'
import { NextResponse, type NextRequest } from 'next/server'

import { prepareAuth } from '@/lib/http/auth-request'

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
  const url = new URL('/sign-in', request.nextUrl.origin)
  url.searchParams.set('error', refused)
  if (request.method !== 'POST') return NextResponse.redirect(url)
  const form = await request.formData().catch(() => null)
  return form?.get('json') === 'true' ? Response.json({ url: url.href }, { status }) : NextResponse.redirect(url, 303)
}

export { handler as GET, handler as POST }
