import { DEFAULT_MODERATION, moderationPolicy, type ModerationPolicy } from '@/lib/contract/privacy'
import { appClient } from './client'
import type { PrivacySettings as PrivacyRow } from './generated/client'
import { withTenant } from './tenant'
import { storableText } from './storable-text'

export interface PrivacySettings {
  /** Content older than this is removed; null keeps it. */
  retentionDays: number | null
  trainingConsent: boolean
  /** Who gave or withdrew the consent last; null where it was never touched. */
  trainingConsentBy: string | null
  trainingConsentAt: Date | null
  moderation: ModerationPolicy
}

export const DEFAULT_PRIVACY: PrivacySettings = {
  retentionDays: null,
  trainingConsent: false,
  trainingConsentBy: null,
  trainingConsentAt: null,
  moderation: DEFAULT_MODERATION,
}

/** The defaults where nothing was ever set. */
export async function readPrivacySettings(orgId: string): Promise<PrivacySettings> {
  const row = await withTenant(orgId, (tx) => tx.privacySettings.findUnique({ where: { orgId } }))
  return row === null ? DEFAULT_PRIVACY : fromRow(row)
}

export interface PrivacyChange {
  retentionDays?: number | null | undefined
  trainingConsent?: boolean | undefined
  moderation?: ModerationPolicy | undefined
}

/** Sets what is given and leaves the rest. A consent that changes is kept with who changed it and when. */
export async function writePrivacySettings(orgId: string, userId: string, change: PrivacyChange): Promise<PrivacySettings> {
  const { retentionDays, trainingConsent, moderation } = change
  return withTenant(orgId, async (tx) => {
    await tx.$queryRaw`INSERT INTO privacy_settings (org_id) VALUES (${orgId}::uuid) ON CONFLICT DO NOTHING`
    const [before] = await tx.$queryRaw<{ training_consent: boolean }[]>`
      SELECT training_consent FROM privacy_settings WHERE org_id = ${orgId}::uuid FOR UPDATE`
    const consentChanges = trainingConsent !== undefined && trainingConsent !== before?.training_consent
    const row = await tx.privacySettings.update({
      where: { orgId },
      data: {
        updatedAt: new Date(),
        ...(retentionDays === undefined ? {} : { retentionDays }),
        ...(consentChanges ? { trainingConsent, trainingConsentBy: userId, trainingConsentAt: new Date() } : {}),
        ...(moderation === undefined
          ? {}
          : {
              moderationInput: moderation.input,
              moderationOutput: moderation.output,
              moderationCategories: moderation.categories,
              moderationWords: moderation.words.map(storableText),
            }),
      },
    })
    return fromRow(row)
  })
}

/** The moderation that applies now, in one round trip. */
export async function readModerationPolicy(orgId: string): Promise<ModerationPolicy> {
  const rows = await appClient().$queryRaw<unknown[]>`
    SELECT input::text, output::text, categories, words FROM moderation_policy(${orgId}::uuid)`
  return rows[0] === undefined ? DEFAULT_MODERATION : moderationPolicy.parse(rows[0])
}

function fromRow(row: PrivacyRow): PrivacySettings {
  const { retentionDays, trainingConsent, trainingConsentBy, trainingConsentAt } = row
  return {
    retentionDays,
    trainingConsent,
    trainingConsentBy,
    trainingConsentAt,
    moderation: moderationPolicy.parse({
      input: row.moderationInput,
      output: row.moderationOutput,
      categories: row.moderationCategories,
      words: row.moderationWords,
    }),
  }
}
