import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { discoverIssuer } from './issuer-discovery'
import { guardedLookup, issuerUrl, reaches, type IssuerReach } from './issuer-address'

it.each([
  '127.0.0.1', '10.1.2.3', '172.31.255.255', '192.168.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255',
  '::1', '::', 'fe80::1', 'fd00::1', '::ffff:10.0.0.1', '::ffff:7f00:1', '64:ff9b::a00:1', '2002:a00:1::',
])('%s is not public', (address) => {
  expect(reaches(address, 'public')).toBe(false)
  expect(reaches(address, 'private')).toBe(true)
})

it.each(['1.1.1.1', '172.32.0.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) => {
  expect(reaches(address, 'public')).toBe(true)
})

it('development reaches the loopback and nothing else that is private', () => {
  expect(['127.0.0.1', '::1', '10.0.0.1', '169.254.169.254'].map((address) => reaches(address, 'loopback'))).toEqual([true, true, false, false])
})

it.each([
  ['http://login.example.com', 'private'],
  ['http://10.0.0.1', 'private'],
  ['https://10.0.0.1', 'public'],
  ['https://[::1]:8443', 'public'],
  ['https://localhost', 'public'],
  ['http://127.0.0.1:4000', 'public'],
  ['https://0x7f000001', 'public'],
  ['https://169.254.169.254', 'loopback'],
  ['https://user:secret@login.example.com', 'private'],
  ['ftp://login.example.com', 'private'],
  ['login.example.com', 'private'],
] as const)('%s is no issuer where %s addresses are reached', (address, reach) => {
  expect(() => issuerUrl(address, reach)).toThrow(expect.objectContaining({ code: 'invalid_request', param: 'issuer' }))
})

it.each([
  ['https://login.example.com/tenant', 'public'],
  ['http://127.0.0.1:4000', 'loopback'],
  ['http://localhost:4000', 'loopback'],
  ['https://10.0.0.1', 'private'],
] as const)('%s is one where %s addresses are reached', (address, reach) => {
  expect(issuerUrl(address, reach).href).toContain(address)
})

it('a name that leads to a private address is refused when it is connected to', async () => {
  const look = (reach: IssuerReach) => promisify(guardedLookup(reach))('localhost', { all: true })
  await expect(look('public')).rejects.toThrow('localhost is a private address.')
  await expect(look('loopback')).resolves.not.toHaveLength(0)
})

it('an issuer that redirects, gives itself another name or leads to a private address is refused', async () => {
  let body: unknown = null
  const server = createServer((_, response) => {
    if (body === null) response.writeHead(302, { location: '/elsewhere' }).end()
    else response.end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const metadata = { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` }
  try {
    await expect(discoverIssuer(issuer, 'loopback')).rejects.toThrow('answered 302')
    body = { ...metadata, issuer: 'https://login.example.com' }
    await expect(discoverIssuer(issuer, 'loopback')).rejects.toThrow('calls itself https://login.example.com')
    body = { ...metadata, jwks_uri: 'https://169.254.169.254/keys' }
    await expect(discoverIssuer(issuer, 'loopback')).rejects.toThrow('private')
    body = metadata
    expect(await discoverIssuer(issuer, 'loopback')).toMatchObject(metadata)
  } finally {
    server.close()
  }
})
