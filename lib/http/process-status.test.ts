import { once } from 'node:events'
import { createServer, get } from 'node:http'
import { expect, test, vi } from 'vitest'
import { countRequestsInFlight, processStatus } from './process-status'

test('a request is in flight until its answer has ended or its client has gone', async () => {
  countRequestsInFlight()
  countRequestsInFlight()
  const server = createServer((request, response) => {
    response.write('begun')
    if (request.url === '/short') response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  const url = `http://127.0.0.1:${address.port}`
  try {
    const streams = [get(`${url}/long`), get(`${url}/long`)]
    await Promise.all(streams.map((stream) => once(stream, 'response')))
    await fetch(`${url}/short`).then((response) => response.text())
    await vi.waitFor(() => expect(processStatus().requestsInFlight).toBe(2))
    streams.forEach((stream) => stream.destroy())
    await vi.waitFor(() => expect(processStatus().requestsInFlight).toBe(0))
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
