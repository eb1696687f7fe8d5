import { AppError } from '@/lib/contract/errors'
import type { UpdatePrivacy } from '@/lib/contract/privacy'
import type { AuditDetails } from '@/lib/db/audit'
import { reviewModerationFlag } from '@/lib/db/moderation-flags'
import { readPrivacySettings, writePrivacySettings, type PrivacySettings } from '@/lib/db/privacy-settings'
import { auditAs, type Actor } from './actor'
import { requirePermission } from './require-permission'

/** Sets what is given and leaves the rest; each decision is a row in the audit log. */
export async function changePrivacy(actor: Actor, change: UpdatePrivacy): Promise<PrivacySettings> {
  requirePermission(actor.role, 'privacy:write')
  const before = await readPrivacySettings(actor.orgId)
  const after = await writePrivacySettings(actor.orgId, actor.userId, change)
  for (const [action, details] of decisions(before, after)) await auditAs(actor, action, null, details)
  return after
}

function decisions(before: PrivacySettings, after: PrivacySettings): [string, AuditDetails][] {
  const made: [string, AuditDetails][] = []
  if (before.retentionDays !== after.retentionDays) made.push(['privacy.retention_changed', { from_days: before.retentionDays, to_days: after.retentionDays }])
  if (before.trainingConsent !== after.trainingConsent) made.push([after.trainingConsent ? 'privacy.training_allowed' : 'privacy.training_forbidden', {}])
  if (JSON.stringify(before.moderation) !== JSON.stringify(after.moderation)) {
    const { input, output, categories, words } = after.moderation
    made.push(['privacy.moderation_changed', { input, output, categories: categories.join(', '), own_words: words.length }])
  }
  return made
}

/** AppError not_found where there is no such flag. */
export async function reviewFlag(actor: Actor, id: string, reviewed: boolean): Promise<void> {
  requirePermission(actor.role, 'privacy:write')
  if (!(await reviewModerationFlag(actor.orgId, id, actor.userId, reviewed))) throw new AppError('not_found', 'There is no such flag.')
}
