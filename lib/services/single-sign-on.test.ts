import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { createServer } from 'node:http'
import { beforeAll, expect, it } from 'vitest'
import { parseEnv } from '../contract/env'
import type { IdentityProviderBody } from '../contract/sign-in'
import { listAudit } from '../db/audit'
import { findIdentityProvider, listSsoDomains, readIdentityProvider } from '../db/identity-providers'
import { useDatabase } from '../db/testing/database'
import { makeTenant } from '../db/testing/tenant'
import { COMMAND_LINE } from './operator'
import { confirmDomain } from './operator-sign-in'
import { claimDomain, configureSingleSignOn, domainProof, dropDomain, endSingleSignOn, proveDomain } from './single-sign-on'
import { actorIn } from './testing/actor'

useDatabase()

const ENV = parseEnv({})

beforeAll(() => {
  process.env['NEXTAUTH_SECRET'] = 'a secret of the tests'
})

/** Serves an issuer's configuration while `work` runs. */
async function withIssuer(work: (issuer: string) => Promise<void>): Promise<void> {
  let issuer = ''
  const server = createServer((_, response) => {
    response.end(JSON.stringify({ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  try {
    await work(issuer)
  } finally {
    server.close()
  }
}

async function owner() {
  const { orgId, userId } = await makeTenant()
  return actorIn(orgId, userId)
}

const body = (issuer: string, more: Partial<IdentityProviderBody> = {}): IdentityProviderBody => ({
  name: 'Acme', issuer, clientId: 'parley', clientSecret: 'very secret', required: false, autoJoinRole: null, ...more,
})

it('an issuer is kept once it answers, its secret sealed, and another one is another row', async () => {
  const actor = await owner()
  await expect(configureSingleSignOn(actor, body('http://127.0.0.1:9'), ENV)).rejects.toMatchObject({ code: 'invalid_request', param: 'issuer' })
  expect(await readIdentityProvider(actor.orgId)).toBeNull()
  await withIssuer(async (issuer) => {
    await expect(configureSingleSignOn(actor, body(issuer, { clientSecret: undefined }), ENV)).rejects.toMatchObject({ param: 'clientSecret' })
    await configureSingleSignOn(actor, body(issuer), ENV)
    const first = await findIdentityProvider({ orgId: actor.orgId })
    expect(first?.clientSecret).toMatch(/^v1\./)
    await configureSingleSignOn(actor, body(issuer, { name: 'Acme AG', clientSecret: undefined }), ENV)
    expect(await findIdentityProvider({ orgId: actor.orgId })).toEqual({ ...first, name: 'Acme AG' })
    await configureSingleSignOn(actor, body(issuer, { clientId: 'another' }), ENV)
    expect((await findIdentityProvider({ orgId: actor.orgId }))?.id).not.toBe(first?.id)
  })
  await endSingleSignOn(actor)
  await expect(endSingleSignOn(actor)).rejects.toMatchObject({ code: 'not_found' })
  expect((await listAudit(actor.orgId, { action: 'sso', limit: 9 })).map(({ action }) => action)).toEqual(['sso.disabled', 'sso.changed', 'sso.changed', 'sso.enabled'])
})

it('an admin who has not come in through it cannot make it the only way in', async () => {
  const { orgId, userId } = await makeTenant()
  const actor = { ...(await actorIn(orgId, userId)), role: 'admin' as const }
  await withIssuer(async (issuer) => {
    await configureSingleSignOn(actor, body(issuer), ENV)
    await expect(configureSingleSignOn(actor, body(issuer, { required: true }), ENV)).rejects.toMatchObject({ param: 'required' })
    const id = (await readIdentityProvider(orgId))?.id ?? ''
    await configureSingleSignOn({ ...actor, identityProviderId: id }, body(issuer, { required: true }), ENV)
    expect(await readIdentityProvider(orgId)).toMatchObject({ id, required: true })
  })
  await expect(configureSingleSignOn({ ...actor, role: 'member' }, body('https://id.example.com'), ENV)).rejects.toMatchObject({ code: 'insufficient_permissions' })
})

it('a domain counts once its name service says so, and for one organisation alone', async () => {
  const [mine, theirs] = [await owner(), await owner()]
  await claimDomain(mine, 'acme.example')
  await claimDomain(theirs, 'acme.example')
  await expect(claimDomain(mine, 'acme.example')).rejects.toMatchObject({ code: 'conflict' })
  const [claimed] = await listSsoDomains(mine.orgId)
  const { name, value } = domainProof(claimed ?? { domain: '', token: '' })
  expect(name).toBe('_parley.acme.example')
  const [foreign] = await listSsoDomains(theirs.orgId)

  const records = new Map([[name, ['something else']]])
  const dns = await startNameServer(records)
  const lookUp = (asked: string) => dns.resolver.resolveTxt(asked)
  try {
    await expect(proveDomain(mine, 'acme.example', lookUp)).rejects.toMatchObject({ code: 'invalid_request', param: 'domain' })
    records.set(name, ['something else', value])
    await expect(proveDomain(theirs, 'acme.example', lookUp), "another's token").rejects.toMatchObject({ code: 'invalid_request' })
    await proveDomain(mine, 'acme.example', lookUp)
    records.set(name, [domainProof(foreign ?? { domain: '', token: '' }).value])
    await expect(proveDomain(theirs, 'acme.example', lookUp), 'proved before').rejects.toMatchObject({ code: 'conflict' })
  } finally {
    await dns.close()
  }
  await expect(proveDomain(mine, 'other.example', lookUp)).rejects.toMatchObject({ code: 'not_found' })
  await dropDomain(mine, 'acme.example')
  expect(await confirmDomain(COMMAND_LINE, theirs.orgId, '@Acme.example')).toEqual({ domain: 'acme.example' })
  expect(await listSsoDomains(theirs.orgId)).toMatchObject([{ confirmedAt: expect.any(Date) as unknown }])
})

/** A name server on loopback that answers TXT questions from a map: RFC 1035, 4.1. */
async function startNameServer(records: ReadonlyMap<string, readonly string[]>): Promise<{ resolver: Resolver; close: () => Promise<void> }> {
  const socket = createSocket('udp4', (question, from) => {
    const labels: string[] = []
    let end = 12
    for (let length = question[end] ?? 0; length > 0; length = question[end] ?? 0) {
      labels.push(question.toString('ascii', end + 1, end + 1 + length))
      end += length + 1
    }
    end += 5
    const texts = records.get(labels.join('.')) ?? []
    const header = Buffer.from(question.subarray(0, 12))
    header.writeUInt16BE(texts.length === 0 ? 0x8183 : 0x8180, 2)
    header.writeUInt16BE(texts.length, 6)
    header.fill(0, 8)
    const answers = texts.map((text) => Buffer.concat([Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, text.length + 1, text.length]), Buffer.from(text)]))
    socket.send(Buffer.concat([header, question.subarray(12, end), ...answers]), from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const resolver = new Resolver({ timeout: 1000, tries: 1 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return { resolver, close: () => new Promise((resolve) => void socket.close(() => resolve())) }
}
