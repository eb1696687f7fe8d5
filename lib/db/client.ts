import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from './generated/client'

/** What the app's role may not read, or nobody needs to. */
const OMITTED = { user: { passwordHash: true }, apiKey: { hash: true }, invitation: { tokenHash: true } } as const

function createClient(url: string, connections: number) {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: 30_000,
    application_name: 'parley',
  })
  // A connection that dies says so more than once, at the end to nobody: without a listener of its own that would end
  // the process. Whoever is using it gets the error from the query.
  pool.on('connect', (client) => void client.on('error', () => undefined))
  const adapter = new PrismaPg(pool, { disposeExternalPool: true })
  return { pool, prisma: new PrismaClient({ adapter, omit: OMITTED, transactionOptions: { maxWait: 10_000, timeout: 20_000 } }) }
}

type Connected = ReturnType<typeof createClient>

export type DatabaseClient = Connected['prisma']

interface Clients {
  app?: Connected | undefined
  operator?: Connected | undefined
}

declare global {
  /** Next's development server loads modules anew on each change; the pools outlive that here. */
  var parleyDatabaseClients: Clients | undefined
}

function clients(): Clients {
  globalThis.parleyDatabaseClients ??= {}
  return globalThis.parleyDatabaseClients
}

/** The client of parley_app. Its URL is DATABASE_APP_URL, read at the first use. */
export function appClient(): DatabaseClient {
  return (clients().app ??= createClient(databaseUrl('DATABASE_APP_URL'), 10)).prisma
}

/** The client of parley_operator. Its URL is DATABASE_OPERATOR_URL, read at the first use. */
export function operatorClient(): DatabaseClient {
  return (clients().operator ??= createClient(databaseUrl('DATABASE_OPERATOR_URL'), 4)).prisma
}

/** Closes both pools; the next use opens them anew. */
export async function disconnectDatabase(): Promise<void> {
  const { app, operator } = clients()
  globalThis.parleyDatabaseClients = undefined
  await Promise.all([app?.prisma.$disconnect(), operator?.prisma.$disconnect()])
}

export interface PoolState {
  role: 'app' | 'operator'
  /** Connections that are open, of them those that wait for work, and the queries that wait for a connection. */
  open: number
  idle: number
  waiting: number
}

/** Of this process's pools that are in use. */
export function poolStates(): PoolState[] {
  const state = (role: PoolState['role'], connected: Connected | undefined): PoolState[] =>
    connected === undefined ? [] : [{ role, open: connected.pool.totalCount, idle: connected.pool.idleCount, waiting: connected.pool.waitingCount }]
  const { app, operator } = clients()
  return [...state('app', app), ...state('operator', operator)]
}

/** One round trip as the app; rejects where the database cannot be reached. */
export async function databaseHealth(): Promise<void> {
  await appClient().$queryRaw`SELECT 1`
}

export function databaseUrl(name: 'DATABASE_APP_URL' | 'DATABASE_OPERATOR_URL'): string {
  const url = process.env[name]
  if (url === undefined || url === '') throw new Error(`${name} is not set: this process was started without its database.`)
  return url
}
