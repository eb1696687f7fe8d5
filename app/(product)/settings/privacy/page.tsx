import type { Metadata } from 'next'
import Download from 'lucide-react/icons/download'
import Link from 'next/link'

import { buttonClasses } from '@/app/_components/button'
import { Time } from '@/app/_components/time'
import { pageSession } from '@/app/_server/page-session'
import { listModerationFlags } from '@/lib/db/moderation-flags'
import { readPrivacySettings } from '@/lib/db/privacy-settings'
import { listMembers } from '@/lib/db/memberships'
import { findTotp } from '@/lib/db/second-factors'
import { findOwnAccount } from '@/lib/db/users'
import { can } from '@/lib/domain/permissions'
import { serverContext } from '@/lib/http/server-context'

import { Forbidden } from '../../_shell/forbidden'
import { PageBody, Section } from '../../_shell/page-body'
import { ConsentForm } from './consent-form'
import { EraseButton } from './erase-button'
import { FlagList } from './flag-list'
import { ModerationForm } from './moderation-form'
import { RetentionForm } from './retention-form'

export const metadata: Metadata = { title: 'Privacy' }

const PAGE = 25

interface PrivacyPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function PrivacyPage({ searchParams }: PrivacyPageProps) {
  const { orgId, orgName, userId, role } = await pageSession()
  if (!can(role, 'privacy:write')) return <Forbidden what="What the organisation decides about its data" />
  const before = moment((await searchParams)['before'])
  const owns = can(role, 'organization:erase')
  const [settings, flags, members, account, totp] = await Promise.all([
    readPrivacySettings(orgId),
    listModerationFlags(orgId, { limit: PAGE + 1, ...(before === null ? {} : { before }) }),
    listMembers(orgId),
    owns ? findOwnAccount(userId) : null,
    owns ? findTotp(userId) : null,
  ])
  const nameOf = (id: string | null): string | null => members.find((member) => member.userId === id)?.name ?? null
  const shown = flags.slice(0, PAGE)
  const last = flags.length > PAGE ? shown.at(-1) : undefined
  const auditDays = serverContext().env.AUDIT_DAYS
  const { trainingConsentAt, trainingConsentBy } = settings
  return (
    <PageBody title="Privacy" description={`What ${orgName} decides about its data: how long it is kept, what it may be used for, and what may not be said.`}>
      <Section
        title="How long texts are kept"
        description={`Chats, drafts, documents, corrections and moderation flags. What is older goes within the hour, and cannot be had back. Usage records hold no texts and stay as long as the organisation. The audit log is kept ${auditDays === 0 ? 'as long' : `${auditDays} days`}.`}
      >
        <RetentionForm days={settings.retentionDays} />
      </Section>
      <Section title="Training" description="Whether models may be trained on this organisation’s texts. Nothing is used unless an owner or admin says yes here.">
        <ConsentForm consent={settings.trainingConsent} />
        {trainingConsentAt !== null && (
          <p className="mt-3 text-[0.87rem] text-muted">
            {settings.trainingConsent ? 'Allowed' : 'Withdrawn'} by {nameOf(trainingConsentBy) ?? 'a former member'} on <Time at={trainingConsentAt.toISOString()} style="date-time" />.
          </p>
        )}
      </Section>
      <Section
        title="Moderation"
        description="Texts are looked through for words of lists in English, French, German, Spanish and Chinese. A list of words is no understanding: it misses what is said in other words or languages, and finds words that are only quoted."
      >
        <ModerationForm policy={settings.moderation} />
      </Section>
      <Section title="Flags" description="What moderation found, latest first: the word with a little of what stood around it, never the whole text.">
        <FlagList
          flags={shown.map(({ id, direction, action, category, word, excerpt, createdAt, reviewedAt, reviewedBy, userId: by, keyId }) => ({
            id,
            direction,
            action,
            category,
            word,
            excerpt,
            at: createdAt.toISOString(),
            reviewed: reviewedAt !== null,
            reviewer: nameOf(reviewedBy),
            from: by === null ? (keyId === null ? 'unknown' : 'an API key') : (nameOf(by) ?? 'a former member'),
          }))}
        />
        {(before !== null || last !== undefined) && (
          <nav aria-label="Pages of the flags" className="mt-4 flex gap-2">
            {before !== null && (
              <Link href="/settings/privacy" className={buttonClasses('secondary', 'small')}>
                Latest
              </Link>
            )}
            {last !== undefined && (
              <Link href={`/settings/privacy?before=${encodeURIComponent(last.createdAt.toISOString())}`} className={buttonClasses('secondary', 'small')}>
                Older
              </Link>
            )}
          </nav>
        )}
      </Section>
      {owns && (
        <>
          <Section
            title="Take your data with you"
            description="One zip archive with everything that the organisation owns: a file of lines of JSON for each table, all documents, and a list with counts and checksums. No passwords, keys or other secrets are in it."
            action={
              // A file that is made while it is sent: the browser fetches it by itself and shows how far it is.
              <a href="/api/organization/export" download className={buttonClasses('secondary')}>
                <Download aria-hidden className="size-4" />
                Download everything
              </a>
            }
          >
            <p className="text-[0.93rem] text-muted">The archive is made while it downloads. Large ones take a few minutes; the page can be used meanwhile.</p>
          </Section>
          <Section
            title="Erase the organisation"
            description="Everything of it goes at once: chats, documents, keys, members, usage. People who belong to no other organisation lose their account. There is no way back."
            action={<EraseButton orgName={orgName} hasPassword={account?.hasPassword === true} hasSecondFactor={(totp?.confirmedAt ?? null) !== null} />}
          >
            <p className="text-[0.93rem] text-muted">
              What stays is a receipt that names no person: how many rows went from each table, and the month’s sums that bookkeeping law asks for.
            </p>
          </Section>
        </>
      )}
    </PageBody>
  )
}

function moment(text: string | string[] | undefined): Date | null {
  const at = new Date(typeof text === 'string' ? text : '')
  return Number.isNaN(at.getTime()) ? null : at
}
