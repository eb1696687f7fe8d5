import { randomUUID } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { POST as findSso } from '../../app/api/sign-in/sso/route'
import { startOidcIssuer, type OidcIssuer } from '../../e2e/oidc-issuer'
import { signUpPerson } from '../auth/accounts'
import { sealSecret } from '../auth/secret-box'
import { dueSessionOfRequest, sessionOfToken } from '../auth/session'
import { listAudit } from '../db/audit'
import { confirmSsoDomainAsOperator, writeIdentityProvider, type IdentityProviderSettings } from '../db/identity-providers'
import { listLinkedAccounts } from '../db/linked-accounts'
import { listMembers } from '../db/memberships'
import { createOrganization } from '../db/organizations'
import { allowLinking, findSession, listUserAgents, switchSessionOrganization } from '../db/sessions'
import { useDatabase } from '../db/testing/database'
import { withConnection } from '../db/testing/tenant'
import { findUserByEmail } from '../db/users'
import { useMailCatcher } from '../mail/testing/mail-catcher'
import { changePassword } from '../services/change-password'
import { finishSignIn } from '../services/second-factor'
import { claimDomain } from '../services/single-sign-on'
import { actorIn } from '../services/testing/actor'
import { startAuthApp, TestBrowser, type AuthApp } from './testing/auth-app'
import { callRoute, useWorker } from './testing/api-client'
import { startGithub, type TestGithub } from './testing/github-server'

const database = useDatabase()
const mails = useMailCatcher()

const SECRET = 'a secret of the tests'
const PASSWORD = 'a good password'

let app: AuthApp
let issuer: OidcIssuer
let github: TestGithub

beforeAll(async () => {
  ;[app, issuer, github] = await Promise.all([startAuthApp(), startOidcIssuer(), startGithub()])
  const { clientId, clientSecret } = issuer
  Object.assign(process.env, {
    NEXTAUTH_SECRET: SECRET,
    NEXTAUTH_URL: app.url,
    GITHUB_ID: github.clientId,
    GITHUB_SECRET: github.clientSecret,
    GITHUB_URL: github.url,
    GOOGLE_ID: clientId,
    GOOGLE_SECRET: clientSecret,
    GOOGLE_ISSUER: issuer.issuer,
    RATE_LIMIT_ADDRESS: 'sign-in=0',
  })
  useWorker({ WORKER_URL: 'http://127.0.0.1:9', WORKER_TOKEN: 'none', PARLEY_DATA: '/nonexistent' })
  issuer.allowRedirect(`${app.url}/api/auth/callback/google`)
})

afterAll(async () => {
  await Promise.all([app.close(), issuer.close(), github.close()])
})

async function person() {
  const email = `${randomUUID()}@example.com`
  return { email, ...(await signUpPerson({ email, name: 'Ada', password: PASSWORD, orgName: 'Org' })) }
}

/** An organisation with the issuer as its own, and a domain that it has proved. */
async function organization(settings: Partial<IdentityProviderSettings> = {}) {
  const owner = await person()
  const write = async (more: Partial<IdentityProviderSettings>) => {
    const { id } = await writeIdentityProvider(owner.orgId, {
      name: 'Issuer', issuer: issuer.issuer, clientId: issuer.clientId, clientSecret: sealSecret(issuer.clientSecret), required: false, autoJoinRole: null, ...more,
    })
    issuer.allowRedirect(`${app.url}/api/auth/callback/oidc-${id}`)
    return `oidc-${id}`
  }
  const domain = `${randomUUID()}.example.com`
  await confirmSsoDomainAsOperator(owner.orgId, domain, 'token')
  return { owner, orgId: owner.orgId, domain, provider: await write(settings), write }
}

/** Adds a person of the address to the organisation, with a password. */
async function addMember(orgId: string, email: string): Promise<string> {
  const { userId } = await signUpPerson({ email, name: 'Grace', password: PASSWORD, orgName: 'Own' })
  await withConnection(database.ownerUrl, (client) => client.query(`INSERT INTO memberships (org_id, user_id, role) VALUES ($1, $2, 'member')`, [orgId, userId]))
  return userId
}

const sessionOf = (browser: TestBrowser) => sessionOfToken(browser.sessionToken ?? '', SECRET)

function comes(email: string, more: { sub?: string; email_verified?: boolean } = {}) {
  const someone = { sub: randomUUID(), email, email_verified: true, name: 'Grace Hopper', ...more }
  issuer.signIn(someone)
  return someone
}

describe("an organisation's own issuer", () => {
  it('takes in whoever it vouches for, as what the organisation has set, and knows them again', async () => {
    const { orgId, domain, provider } = await organization({ autoJoinRole: 'billing' })
    comes(`grace@${domain}`)
    const first = new TestBrowser(app.url)
    expect(await first.signInThrough(provider)).toBe('/chat')
    const session = await sessionOf(first)
    expect(session).toMatchObject({ orgId, role: 'billing', email: `grace@${domain}`, name: 'Grace Hopper', secondFactor: false })
    const again = new TestBrowser(app.url)
    expect(await again.signInThrough(provider)).toBe('/chat')
    expect(await sessionOf(again)).toMatchObject({ userId: session?.userId })
    const log = (await listAudit(orgId, { limit: 10 })).map(({ action, details }) => [action, details['method'] ?? null])
    expect(log).toEqual([['session.signed_in', 'sso'], ['session.signed_in', 'sso'], ['member.joined', null], ['organization.created', null]])
  })

  it('links a member of a proved domain by a verified address alone', async () => {
    const { orgId, domain, provider } = await organization()
    const email = `grace@${domain}`
    const userId = await addMember(orgId, email)
    comes(email, { email_verified: false })
    expect(await new TestBrowser(app.url).signInThrough(provider)).toBe('/sign-in?error=sign_in_to_link')
    expect(await listLinkedAccounts(userId)).toEqual([])
    comes(email)
    const browser = new TestBrowser(app.url)
    expect(await browser.signInThrough(provider)).toBe('/chat')
    expect(await sessionOf(browser)).toMatchObject({ userId, orgId })
  })

  it('gives nothing to an address of another domain, to an account that is no member, or where nobody is taken in', async () => {
    const { orgId, domain, provider, write } = await organization({ autoJoinRole: 'member' })
    const stranger = await person()
    comes(stranger.email)
    expect(await new TestBrowser(app.url).signInThrough(provider)).toBe('/sign-in?error=sign_in_to_link')
    const squatter = await signUpPerson({ email: `boss@${domain}`, name: 'Squatter', password: PASSWORD, orgName: 'Org' })
    comes(`boss@${domain}`)
    expect(await new TestBrowser(app.url).signInThrough(provider)).toBe('/sign-in?error=sign_in_to_link')
    expect(await listLinkedAccounts(squatter.userId)).toEqual([])
    await write({ autoJoinRole: null })
    comes(`new@${domain}`)
    expect(await new TestBrowser(app.url).signInThrough(provider)).toBe('/sign-in?error=not_a_member')
    expect(await findUserByEmail(`new@${domain}`)).toBeNull()
    expect(await listMembers(orgId)).toHaveLength(1)
  })

  it('opens sessions that act in its organisation alone, never as an operator, and change no way to sign in', async () => {
    const { orgId, domain, provider } = await organization()
    const userId = await addMember(orgId, `grace@${domain}`)
    const { organization: other } = await createOrganization({ name: 'Other', owner: { id: userId } })
    await withConnection(database.ownerUrl, (client) => client.query('UPDATE users SET is_operator = true WHERE id = $1', [userId]))
    comes(`grace@${domain}`)
    const browser = new TestBrowser(app.url)
    await browser.signInThrough(provider)
    const session = await sessionOf(browser)
    if (session === null) throw new Error('Nobody is signed in.')
    expect(session.isOperator).toBe(false)
    await expect(switchSessionOrganization(session.sessionId, other.id)).rejects.toMatchObject({ code: 'not_found' })
    const actor = { ...session, origin: { ip: null, userAgent: null } }
    await expect(changePassword(actor, { password: PASSWORD, newPassword: 'another password' })).rejects.toMatchObject({ code: 'insufficient_permissions' })
    // By the own password, the same person may.
    const own = new TestBrowser(app.url)
    expect(await own.signIn(`grace@${domain}`, PASSWORD)).toBeNull()
    const ownSession = await sessionOf(own)
    expect(ownSession?.isOperator).toBe(true)
    await switchSessionOrganization(ownSession?.sessionId ?? '', other.id)
    expect(await sessionOf(own)).toMatchObject({ orgId: other.id })
  })

  it('is the only way in for members where the organisation says so, and owners stay free', async () => {
    const { orgId, owner, domain, write } = await organization()
    const userId = await addMember(orgId, `grace@${domain}`)
    // A member of nothing else.
    await withConnection(database.ownerUrl, (client) => client.query(`DELETE FROM organizations WHERE id IN (SELECT org_id FROM memberships WHERE user_id = $1 AND org_id <> $2)`, [userId, orgId]))
    const byPassword = new TestBrowser(app.url)
    expect(await byPassword.signIn(`grace@${domain}`, PASSWORD)).toBeNull()
    expect(await sessionOf(byPassword)).not.toBeNull()
    const provider = await write({ required: true })
    expect(await sessionOf(byPassword), 'ends at once').toBeNull()
    expect(await new TestBrowser(app.url).signIn(`grace@${domain}`, PASSWORD)).toBe(`sso_required:${orgId}`)
    comes(`grace@${domain}`)
    const through = new TestBrowser(app.url)
    expect(await through.signInThrough(provider)).toBe('/chat')
    expect(await sessionOf(through)).toMatchObject({ userId, orgId })
    const ownersBrowser = new TestBrowser(app.url)
    expect(await ownersBrowser.signIn(owner.email, PASSWORD)).toBeNull()
    expect(await sessionOf(ownersBrowser)).toMatchObject({ orgId })
    await write({ required: true, issuer: 'https://other.example.com' })
    expect(await sessionOf(through), 'another issuer vouches for nobody of the old one').toBeNull()
    expect(await listLinkedAccounts(userId)).toEqual([])
  })

  it('lets nobody in who did not begin in the same browser, nor with a code of another sign-in', async () => {
    const { domain, provider } = await organization({ autoJoinRole: 'member' })
    comes(`grace@${domain}`)
    const [mallory, victim] = [new TestBrowser(app.url), new TestBrowser(app.url)]
    const callback = await mallory.visitUntil(await mallory.begin(provider), ({ pathname }) => pathname.startsWith('/api/auth/callback/'))
    expect(await victim.visit(callback).then(({ pathname }) => pathname)).toBe('/sign-in')
    expect(victim.sessionToken).toBeUndefined()
    // With a sign-in of the victim's own under way, the foreign code still does not fit.
    await victim.begin(provider)
    const state = new URL(await victim.begin(provider)).searchParams.get('state') ?? ''
    const forged = new URL(callback)
    forged.searchParams.set('state', state)
    expect(await victim.visit(forged.href).then(({ search }) => search)).toContain('error=OAuthCallback')
    expect(victim.sessionToken).toBeUndefined()
  })

  it('that does not answer is said to be out of reach', async () => {
    const { provider } = await organization({ issuer: 'http://127.0.0.1:9' })
    expect(await new TestBrowser(app.url).begin(provider)).toContain('error=provider_unavailable')
    expect(await new TestBrowser(app.url).begin(`oidc-${randomUUID()}`)).toContain('/signin')
  })
})

describe('the look-up by address', () => {
  const ask = async (email: string) => {
    const response = await callRoute({ POST: findSso }, { path: '/api/sign-in/sso', body: { email } })
    return { status: response.status, body: (await response.json()) as unknown }
  }

  it('finds the issuer by a proved domain alone', async () => {
    const { owner, domain, provider } = await organization()
    expect(await ask(`Anybody@${domain.toUpperCase()}`)).toEqual({ status: 200, body: { provider } })
    await claimDomain(await actorIn(owner.orgId, owner.userId), 'claimed.example.com')
    expect((await ask('anybody@claimed.example.com')).status).toBe(404)
    expect((await ask('nobody')).status).toBe(400)
  })
})

describe('a new kind of browser', () => {
  it('is told by mail to whoever was here before', async () => {
    const { email, userId } = await person()
    await new TestBrowser(app.url).signIn(email, PASSWORD)
    expect(await listUserAgents(userId)).toHaveLength(1)
    const other = new TestBrowser(app.url, 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1')
    await other.signIn(email, PASSWORD)
    const mail = await mails.waitFor(email)
    expect(mail.text).toContain('Safari on iPhone')
    expect(mails.mails()).toHaveLength(1)
  })
})

describe('a second factor', () => {
  it('is asked for after a provider too: until then the session is nobody’s', async () => {
    const { email, userId } = await person()
    const me = comes(email)
    const linking = new TestBrowser(app.url)
    await linking.signIn(email, PASSWORD)
    const session = await sessionOf(linking)
    await allowLinking(userId, session?.sessionId ?? '', 60)
    expect(await linking.signInThrough('google')).toBe('/chat')
    await withConnection(database.ownerUrl, (client) => client.query(`INSERT INTO totp_secrets (user_id, secret, confirmed_at) VALUES ($1, $2, now())`, [userId, sealSecret('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')]))
    issuer.signIn(me)
    const browser = new TestBrowser(app.url)
    await browser.signInThrough('google')
    expect(browser.sessionToken).toBeDefined()
    expect(await sessionOf(browser)).toBeNull()
    const due = await dueSessionOfRequest(new Request(app.url, { headers: { cookie: `next-auth.session-token=${browser.sessionToken ?? ''}` } }))
    const origin = { ip: null, userAgent: null }
    if (due === null) throw new Error('No session waits.')
    await expect(finishSignIn(due, '000000', origin)).rejects.toMatchObject({ code: 'invalid_request', param: 'code' })
    await finishSignIn(due, new TOTP({ secret: Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ') }).generate(), origin)
    expect(await sessionOf(browser)).toMatchObject({ userId, secondFactor: true })
  })
})

describe('Google and GitHub', () => {
  it('make an account with an organisation for somebody new, and know them again', async () => {
    const email = `${randomUUID()}@example.com`
    comes(email)
    const first = new TestBrowser(app.url)
    expect(await first.signInThrough('google')).toBe('/chat')
    const session = await sessionOf(first)
    expect(session).toMatchObject({ email, role: 'owner', orgName: 'Grace Hopper’s organisation' })
    const again = new TestBrowser(app.url)
    await again.signInThrough('google')
    expect((await sessionOf(again))?.userId).toBe(session?.userId)

    const octocat = github.signIn({ name: null, emails: [{ email: `${randomUUID()}@example.com`, primary: false, verified: true }, { email: `Octo.${randomUUID()}@example.com`, primary: true, verified: true }] })
    const hub = new TestBrowser(app.url)
    expect(await hub.signInThrough('github')).toBe('/chat')
    expect(await sessionOf(hub)).toMatchObject({ email: octocat.emails[1]?.email.toLowerCase(), name: octocat.login, role: 'owner' })
  })

  it('never link by e-mail: an account that exists is asked to sign in first', async () => {
    const { email, userId } = await person()
    comes(email)
    const browser = new TestBrowser(app.url)
    expect(await browser.signInThrough('google')).toBe('/sign-in?error=sign_in_to_link')
    expect(browser.sessionToken).toBeUndefined()
    github.signIn({ name: 'Ada', emails: [{ email, primary: true, verified: true }] })
    expect(await new TestBrowser(app.url).signInThrough('github')).toBe('/sign-in?error=sign_in_to_link')
    expect(await listLinkedAccounts(userId)).toEqual([])
    const unverified = `${randomUUID()}@example.com`
    github.signIn({ name: 'Eve', emails: [{ email: unverified, primary: true, verified: false }] })
    expect(await new TestBrowser(app.url).signInThrough('github')).toBe('/sign-in?error=email_not_verified')
    expect(await findUserByEmail(unverified)).toBeNull()
  })

  it('are linked when the person has asked for it while signed in, once and to one account', async () => {
    const [ada, eve] = [await person(), await person()]
    const browsers = { ada: new TestBrowser(app.url), eve: new TestBrowser(app.url) }
    await browsers.ada.signIn(ada.email, PASSWORD)
    await browsers.eve.signIn(eve.email, PASSWORD)
    const octocat = github.signIn({ name: 'Ada', emails: [{ email: ada.email, primary: true, verified: true }] })
    expect(await browsers.ada.signInThrough('github'), 'without having asked').toBe('/settings/security?error=sign_in_to_link')
    for (const [name, { userId }] of [['ada', ada], ['eve', eve]] as const) {
      const session = await sessionOf(browsers[name])
      await allowLinking(userId, session?.sessionId ?? '', 60)
    }
    expect(await browsers.ada.signInThrough('github')).toBe('/chat')
    expect(await listLinkedAccounts(ada.userId)).toMatchObject([{ provider: 'github', subject: String(octocat.id), email: ada.email }])
    expect(await browsers.eve.signInThrough('github')).toBe('/settings/security?error=linked_elsewhere')
    expect(await listLinkedAccounts(eve.userId)).toEqual([])
    const later = new TestBrowser(app.url)
    await later.signInThrough('github')
    expect(await sessionOf(later)).toMatchObject({ userId: ada.userId })
    expect(await findSession((await sessionOf(browsers.ada))?.sessionId ?? ''), 'linking keeps the session').not.toBeNull()
  })

  it('bring a person who was invited into the organisation that has invited them', async () => {
    const { orgId } = await person()
    const email = `${randomUUID()}@example.com`
    await withConnection(database.ownerUrl, (client) => client.query(`INSERT INTO invitations (org_id, email, role, token_hash, expires_at) VALUES ($1, $2, 'admin', $3, now() + interval '1 day')`, [orgId, email, randomUUID()]))
    comes(email)
    const browser = new TestBrowser(app.url)
    await browser.signInThrough('google')
    expect(await sessionOf(browser)).toMatchObject({ orgId, role: 'admin' })
  })
})
