import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { clientAddress, networkOf, notePeerAddresses } from './client-address'

notePeerAddresses()
const server = createServer((request, response) => {
  const headers = Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []))
  const proxies = Number(request.headers['x-proxies'])
  response.end(clientAddress(new Request('http://parley.test', { headers: Object.fromEntries(headers) }), proxies))
})
const listening = new Promise<string>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)) // listens on TCP
})
afterAll(() => void server.close())

async function seen(proxies: number, headers: Record<string, string>): Promise<string> {
  return (await fetch(await listening, { headers: { ...headers, 'x-proxies': String(proxies) } })).text()
}

test('without a proxy it is where the connection comes from, whatever the client says of itself', async () => {
  expect(await seen(0, {})).toBe('127.0.0.1')
  expect(await seen(0, { 'x-forwarded-for': '9.9.9.9', 'x-parley-peer': '9.9.9.9' })).toBe('127.0.0.1')
})

test('behind proxies it is what the outermost of them added, not what the client sent before', async () => {
  expect(await seen(1, { 'x-forwarded-for': '6.6.6.6, 203.0.113.7' })).toBe('203.0.113.7')
  expect(await seen(2, { 'x-forwarded-for': '6.6.6.6, 203.0.113.7, 10.0.0.2' })).toBe('203.0.113.7')
  expect(await seen(1, {})).toBe('127.0.0.1')
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001::1', '2001:db8:1:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['nonsense: key:1', 'unknown'],
  ['', 'unknown'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
