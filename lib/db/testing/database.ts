import { afterAll, beforeAll, inject } from 'vitest'
import { z } from 'zod'
import { disconnectDatabase } from '../client'
import { closeListener } from '../listen'

const urlsSchema = z.object({ name: z.string(), ownerUrl: z.string(), appUrl: z.string(), operatorUrl: z.string() })

export interface TestDatabase {
  /** A superuser, which row-level security does not bind: for looking behind it. */
  readonly ownerUrl: string
  readonly appUrl: string
  readonly operatorUrl: string
}

/**
 * Call at a test file's top level: gives the file a migrated, empty database of its own and points
 * DATABASE_APP_URL and DATABASE_OPERATOR_URL at it. The URLs can be read once its tests run.
 */
export function useDatabase(): TestDatabase {
  const server = inject('databaseServer')
  let urls: z.infer<typeof urlsSchema> | null = null

  beforeAll(async () => {
    const response = await fetch(server, { method: 'POST' })
    const body = await response.text()
    if (!response.ok) throw new Error(`No test database: ${body}`)
    urls = urlsSchema.parse(JSON.parse(body))
    process.env['DATABASE_APP_URL'] = urls.appUrl
    process.env['DATABASE_OPERATOR_URL'] = urls.operatorUrl
  })

  afterAll(async () => {
    await Promise.all([disconnectDatabase(), closeListener()])
    if (urls !== null) await fetch(`${server}/${urls.name}`, { method: 'DELETE' })
  })

  const current = () => {
    if (urls === null) throw new Error('The test database is there from beforeAll on.')
    return urls
  }
  return {
    get ownerUrl() {
      return current().ownerUrl
    },
    get appUrl() {
      return current().appUrl
    },
    get operatorUrl() {
      return current().operatorUrl
    },
  }
}
