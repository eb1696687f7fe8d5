import NextAuth from 'next-auth'
import type { NextRequest } from 'next/server'

import { authOptions } from '@/lib/auth/session'

interface AuthContext {
  params: Promise<{ nextauth: string[] }>
}

// The options are read per request: at build time there is no environment to read them from.
async function handler(request: NextRequest, context: AuthContext): Promise<Response> {
  // next-auth's handler is typed as any: the types it ships cover the pages router only.
  const answer = NextAuth(authOptions()) as (request: NextRequest, context: AuthContext) => Promise<Response>
  return answer(request, context)
}

export { handler as GET, handler as POST }
