import path from 'node:path'
import type { Env } from '@/lib/contract/env'
import type { DatabaseUrls } from '../database/open-database'
import type { Secrets } from '../secrets'
import type { InstalledBinding } from '../tensorflow/install-binding'

/** Settings of `up` itself that no process needs to see. */
const OWN = ['DATABASE_URL', 'DATABASE_APP_URL', 'DATABASE_OPERATOR_URL', 'NEXTAUTH_SECRET', 'WORKER_TOKEN', 'METRICS_TOKEN', 'HF_TOKEN', 'PARLEY_TENSORFLOW_WHEEL'] as const

/** What the app alone speaks to others with; the mail server's password stands in its address. */
const APP_SECRETS = ['SMTP_URL', 'GITHUB_SECRET', 'GOOGLE_SECRET', 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'OPENMETER_TOKEN', 'LAGO_TOKEN'] as const

/** Empty rather than absent: Next reads an .env file of its own accord and fills in what is absent. */
function withoutSecrets(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...base, ...blank(OWN) }
}

function blank(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, '']))
}

/** The worker has no database, and knows nothing of the app's secrets. */
export function workerEnv(options: { base: NodeJS.ProcessEnv; env: Env; dataFolder: string; port: number; token: string; binding: InstalledBinding }): NodeJS.ProcessEnv {
  const { binding } = options
  return {
    ...withoutSecrets(options.base),
    ...blank(APP_SECRETS),
    NODE_ENV: 'production',
    PARLEY_DATA: options.dataFolder,
    WORKER_HOST: options.env.WORKER_HOST,
    WORKER_PORT: options.port.toString(),
    WORKER_TOKEN: options.token,
    TF_CPP_MIN_LOG_LEVEL: '3',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    ...(binding.installed || options.env.PARLEY_BACKEND !== 'auto' ? {} : { PARLEY_FALLBACK_REASON: binding.reason }),
    ...(binding.installed && binding.libraryPath !== null ? { LD_LIBRARY_PATH: [binding.libraryPath, options.base['LD_LIBRARY_PATH']].filter(Boolean).join(path.delimiter) } : {}),
  }
}

/** The app reaches the database in its two lesser roles, never as the owner. */
export function appEnv(options: {
  base: NodeJS.ProcessEnv
  env: Env
  dataFolder: string
  port: number
  urls: DatabaseUrls
  secrets: Secrets
  worker: { url: string; token: string | null }
}): NodeJS.ProcessEnv {
  // next-auth takes an empty address for one.
  const { NEXTAUTH_URL: publicUrl, ...base } = withoutSecrets(options.base)
  return {
    ...base,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    PARLEY_DATA: options.dataFolder,
    PORT: options.port.toString(),
    HOST: options.env.HOST,
    DATABASE_APP_URL: options.urls.appUrl,
    DATABASE_OPERATOR_URL: options.urls.operatorUrl,
    WORKER_URL: options.worker.url,
    WORKER_TOKEN: options.worker.token ?? '',
    NEXTAUTH_SECRET: options.env.NEXTAUTH_SECRET ?? options.secrets.nextAuthSecret,
    METRICS_TOKEN: options.env.METRICS_TOKEN ?? options.secrets.metricsToken,
    // Without an address of its own, sign-in follows the host that the request names.
    ...(publicUrl ? { NEXTAUTH_URL: publicUrl } : { AUTH_TRUST_HOST: 'true' }),
  }
}
