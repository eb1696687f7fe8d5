import { z } from 'zod'

const optional = z.string().trim().transform((value) => (value === '' ? undefined : value)).optional()

function pairs(text: unknown): unknown {
  if (typeof text !== 'string') return text
  return Object.fromEntries(text.split(/[\s,]+/u).flatMap((part) => (part === '' ? [] : [part.split('=', 2)])))
}

/** Names with whole numbers, as in `key=600,tenant=1200`; names left out keep their defaults. */
const numbers = <const N extends readonly [string, ...string[]]>(names: N) =>
  z.preprocess(pairs, z.partialRecord(z.enum(names), z.coerce.number().int().min(0).max(100_000_000)).optional())

const planRates = numbers(['key', 'tenant', 'tokens'])

/** The environment of every Parley process; the documentation of each name stands in .env.example. */
export const envSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: optional,
  DATABASE_APP_URL: optional,
  DATABASE_OPERATOR_URL: optional,
  PARLEY_DATA: z.string().default('.data'),
  PARLEY_MODEL: z.string().default('parley-mini-0'),
  PARLEY_BACKEND: z.enum(['auto', 'tensorflow', 'wasm']).default('auto'),
  PARLEY_MODEL_MEMORY_MB: z.coerce.number().int().positive().default(4096),
  PARLEY_TENSORFLOW_WHEEL: optional,
  /** Why `npm run up` could not build the TensorFlow binding; the worker repeats it on wasm. */
  PARLEY_FALLBACK_REASON: optional,
  PARLEY_CACHE: optional,
  WORKER_URL: optional,
  WORKER_TOKEN: optional,
  WORKER_PORT: z.coerce.number().int().min(0).max(65535).default(0),
  WORKER_HOST: z.string().default('127.0.0.1'),
  /** 1: standard input is a pipe from the supervisor, and the process ends when that closes. */
  PARLEY_SUPERVISED: z.enum(['0', '1']).default('0').transform((value) => value === '1'),
  HF_ENDPOINT: z.string().default('https://huggingface.co'),
  HF_TOKEN: optional,
  NEXTAUTH_SECRET: optional,
  NEXTAUTH_URL: optional,
  GITHUB_ID: optional,
  GITHUB_SECRET: optional,
  GITHUB_URL: z.url().default('https://github.com'),
  GOOGLE_ID: optional,
  GOOGLE_SECRET: optional,
  GOOGLE_ISSUER: z.url().default('https://accounts.google.com'),
  /** 1: an organisation's issuer may stand in the installation's own network, or on its loopback. */
  ALLOW_PRIVATE_ISSUERS: z.enum(['0', '1']).default('0').transform((value) => value === '1'),
  SMTP_URL: optional,
  AUDIT_DAYS: z.coerce.number().int().min(0).default(730),
  MAIL_FROM: z.string().default('Parley <parley@localhost>'),
  BILLING_CURRENCY: z.string().regex(/^[A-Z]{3}$/, 'It is three letters, such as EUR.').default('USD'),
  STRIPE_SECRET_KEY: optional,
  STRIPE_WEBHOOK_SECRET: optional,
  STRIPE_PRICE_PRO: optional,
  STRIPE_PRICE_ENTERPRISE: optional,
  STRIPE_PRICE_USAGE: optional,
  STRIPE_METER_EVENT: z.string().max(100).default('parley_usage'),
  STRIPE_API_BASE: z.url().optional(),
  OPENMETER_URL: z.url().optional(),
  OPENMETER_TOKEN: optional,
  LAGO_URL: z.url().optional(),
  LAGO_TOKEN: optional,
  LAGO_METRIC: z.string().default('parley_usage'),
  /** {org} stands for the organisation's id. */
  LAGO_SUBSCRIPTION: z.string().default('{org}'),
  METRICS_TOKEN: optional,
  RATE_LIMIT_FREE: planRates,
  RATE_LIMIT_PRO: planRates,
  RATE_LIMIT_ENTERPRISE: planRates,
  RATE_LIMIT_ADDRESS: numbers(['requests', 'failures', 'sign-in', 'sign-up', 'password-reset', 'invitations']),
  /** How many proxies stand before the app, each of which adds to x-forwarded-for. */
  TRUSTED_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export type Env = z.infer<typeof envSchema>

/** Parses the environment once, at a process's start. Throws an Error that names every bad variable. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const result = envSchema.safeParse(present)
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The environment is not usable.\n${faults.join('\n')}\nSee .env.example.`)
}
