import { createServer, type IncomingMessage } from 'node:http'
import type { TestProject } from 'vitest/node'
import { startCluster, type Cluster } from './cluster'

declare module 'vitest' {
  interface ProvidedContext {
    /** POST gives a database of its own, DELETE /name drops it. */
    databaseServer: string
  }
}

/** Hands databases to test files; the cluster starts with the first that asks, so that others do not pay for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let cluster: Promise<Cluster> | null = null

  async function answer(request: IncomingMessage): Promise<string> {
    cluster ??= startCluster()
    const { createDatabase, dropDatabase } = await cluster
    if (request.method === 'POST') return JSON.stringify(await createDatabase())
    await dropDatabase((request.url ?? '').slice(1))
    return '{}'
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (body) => response.end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The test database server has no port.')
  project.provide('databaseServer', `http://127.0.0.1:${address.port}`)

  return async () => {
    server.closeAllConnections()
    server.close()
    await (await cluster)?.stop()
  }
}
