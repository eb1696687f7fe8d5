import { createHash, randomUUID } from 'node:crypto'
import { createApiKey } from '../api-keys'
import { recordAudit } from '../audit'
import { addBillingCustomer } from '../billing-customers'
import { recordQuotaAlerts, writeBudget } from '../budgets'
import { createConversation } from '../conversations'
import { claimDocument, saveProgress } from '../document-work'
import { createDocument } from '../documents'
import { appendChunks } from '../generation-chunks'
import { startGeneration } from '../generations'
import { createGlossary } from '../glossaries'
import { addSsoDomain, writeIdentityProvider } from '../identity-providers'
import { createInvitation } from '../invitations'
import { beginIdempotent } from '../idempotent-requests'
import { placeHold, settleHold } from '../ledger'
import { linkAccount } from '../linked-accounts'
import { addModerationFlags } from '../moderation-flags'
import { writePrivacySettings } from '../privacy-settings'
import { requestPasswordReset } from '../password-resets'
import { confirmTotp, startTotp } from '../second-factors'
import { createSession } from '../sessions'
import { attemptSignIn } from '../sign-ups'
import { createCorrection } from '../translation-corrections'
import { makeTenant } from './tenant'

/** A tenant with at least one row in every table that a tenant or a person can have rows in. */
export async function makeFilledTenant(): Promise<{ orgId: string; userId: string; email: string }> {
  const tenant = await makeTenant()
  const { orgId, userId, email } = tenant
  await attemptSignIn(email, { attempts: 10, seconds: 3600 })
  await createSession(userId, { orgId, userAgent: null, ttlSeconds: 3600 })
  await linkAccount(userId, { provider: 'github', subject: randomUUID(), email, identityProviderId: null })
  await startTotp(userId, 'sealed')
  await confirmTotp(userId, 'sealed', 1n, ['hash'])
  const issuer = { name: 'Issuer', issuer: 'https://id.example.com', clientId: 'c', clientSecret: 'sealed', required: false, autoJoinRole: null }
  await writeIdentityProvider(orgId, issuer)
  await addSsoDomain(orgId, `${randomUUID()}.example.com`, 'token')
  await createApiKey(orgId, { name: 'Key', scopes: ['chat'], createdBy: userId, expiresAt: null, prefix: 'pk_', hash: randomUUID() })
  await beginIdempotent({ orgId, callerId: userId, route: 'POST /v1/test', idempotencyKey: randomUUID() }, { requestId: randomUUID(), bodyDigest: 'd', leaseSeconds: 60 })
  const { lease } = await startGeneration({
    orgId,
    userId,
    requestId: randomUUID(),
    kind: 'chat',
    model: 'm',
    params: {},
    promptTokenIds: [1, 2],
    choices: 1,
    leaseOwner: 'test',
    leaseSeconds: 60,
    conversation: { id: (await createConversation(orgId, userId, { title: 'Talk', model: 'm' })).id, message: 'Hello', expectedMessages: 0 },
  })
  await appendChunks(lease, [{ choice: 0, text: 'Hi', tokenIds: [3] }], 60)
  const hold = { userId, keyId: null, model: 'm', feature: 'chat', tokens: 9, characters: 0, ttlSeconds: 3600 } as const
  const settled = randomUUID()
  await placeHold(orgId, { ...hold, requestId: settled })
  await settleHold(orgId, settled, { promptTokens: 2, completionTokens: 1, characters: 0 })
  await placeHold(orgId, { ...hold, requestId: randomUUID() })
  await writeBudget(orgId, { limitMicros: 1n, hardStop: false, alertPercents: [100] })
  await recordQuotaAlerts()
  await addBillingCustomer(orgId, `cus_${orgId}`)
  await writePrivacySettings(orgId, userId, { retentionDays: 30 })
  await addModerationFlags(orgId, [
    { requestId: settled, userId, keyId: null, direction: 'input', action: 'flagged', language: 'en', category: 'hate', word: 'word', excerpt: 'a word' },
  ])
  await recordAudit({ orgId, actorId: userId, action: 'member.invited', target: 'guest@example.com' })
  await createInvitation(orgId, { email: 'guest@example.com', role: 'member', tokenHash: randomUUID(), invitedBy: userId, ttlSeconds: 3600 })
  await requestPasswordReset(email, { tokenHash: randomUUID(), ttlSeconds: 3600, most: 1 })
  await fillTranslation(orgId, userId)
  return tenant
}

async function fillTranslation(orgId: string, userId: string): Promise<void> {
  const languages = { sourceLang: 'en', targetLang: 'fr' }
  await createGlossary(orgId, { ...languages, name: 'Terms', entries: 'key\tclé', entryCount: 1, createdBy: userId })
  await createCorrection(orgId, {
    ...languages,
    userId,
    keyId: null,
    source: 'Hello.',
    output: 'Allô.',
    correction: 'Bonjour.',
    rating: null,
    comment: null,
    model: null,
  })
  const document = {
    ...languages,
    orgId,
    userId,
    keyId: null,
    requestId: randomUUID(),
    accessHash: createHash('sha256').update('the document of a filled tenant').digest('hex'),
    filename: 'hello.txt',
    format: 'txt',
    model: 'm',
    glossaryId: null,
    characters: 6,
    sentencesTotal: 1,
    expiresAt: new Date(Date.now() + 3_600_000),
  }
  await createDocument(document, Buffer.from('Hello.'))
  const claimed = await claimDocument('test', 60)
  if (claimed === null) throw new Error('The document that was just made can be claimed.')
  const used = { promptTokens: 1, completionTokens: 1, characters: 6 }
  await saveProgress(claimed.lease, { sentences: [{ digest: 'd', translation: 'Bonjour.' }], sentencesDone: 1, used }, 60)
}
