import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js'

/** Next writes inline scripts into its pages; its development server evaluates code as well. */
const contentSecurityPolicy = (development) =>
  [
    "default-src 'self'",
    `script-src 'self' 'unsafe-inline'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

const securityHeaders = (development) => [
  { key: 'content-security-policy', value: contentSecurityPolicy(development) },
  { key: 'x-content-type-options', value: 'nosniff' },
  { key: 'x-frame-options', value: 'DENY' },
  { key: 'referrer-policy', value: 'strict-origin-when-cross-origin' },
  { key: 'permissions-policy', value: 'camera=(), geolocation=(), microphone=()' },
]

/** @type {(phase: string) => import('next').NextConfig} */
export default function config(phase) {
  return {
    poweredByHeader: false,
    reactStrictMode: true,
    // Native addons, and packages that read their own files at run time.
    serverExternalPackages: ['@huggingface/tokenizers', '@node-rs/argon2', '@prisma/adapter-pg', '@prisma/client', 'pdfkit', 'pg', 'pino', 'undici'],
    // `npm run check` proves the types of the whole project; to run it need not be proved again.
    typescript: { ignoreBuildErrors: true },
    turbopack: { root: import.meta.dirname },
    headers: () => Promise.resolve([{ source: '/:path*', headers: securityHeaders(phase === PHASE_DEVELOPMENT_SERVER) }]),
    // The public API's paths. What does not exist under them is answered there, in the right envelope.
    rewrites: () =>
      Promise.resolve({
        beforeFiles: ['v1', 'v2', 'v3'].flatMap((version) => [
          { source: `/${version}`, destination: `/api/${version}` },
          { source: `/${version}/:path*`, destination: `/api/${version}/:path*` },
        ]),
      }),
  }
}
