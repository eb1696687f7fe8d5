import { NextResponse, type NextRequest } from 'next/server'

import { PATH_HEADER } from './app/_server/path-header'

/** Tells the signed-in layout which page was asked for, so that a person who has to sign in first comes back to it. */
export function proxy(request: NextRequest): NextResponse {
  const headers = new Headers(request.headers)
  headers.set(PATH_HEADER, `${request.nextUrl.pathname}${request.nextUrl.search}`)
  return NextResponse.next({ request: { headers } })
}

export const config = {
  matcher: ['/chat/:path*', '/translate/:path*', '/write/:path*', '/keys/:path*', '/usage/:path*', '/settings/:path*', '/admin/:path*', '/suspended'],
}
