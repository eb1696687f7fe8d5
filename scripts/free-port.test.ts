import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { assertPortFree, freePort } from './free-port'
import { describeFailure } from './setup-error'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

test('a port in use is named, with the variable that sets it', async () => {
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
    servers.push(server)
  })
  const failure = await assertPortFree(port, '127.0.0.1', 'PORT').catch(describeFailure)
  expect(failure).toContain(`Port ${port.toString()} on 127.0.0.1 is in use`)
  expect(failure).toContain(`PORT=${(port + 1).toString()}`)
})

test('a free port passes, and stays free', async () => {
  const port = await freePort()
  await assertPortFree(port, '127.0.0.1', 'PORT')
  await assertPortFree(port, '127.0.0.1', 'PORT')
})

test('a host that is not of this machine is told', async () => {
  await expect(assertPortFree(3000, '192.0.2.1', 'PORT')).rejects.toThrow('192.0.2.1 is not an address of this machine')
})
