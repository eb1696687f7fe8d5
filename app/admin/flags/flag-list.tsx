'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Time } from '@/app/_components/time'
import { useToast } from '@/app/_components/toast'

import { Badge } from '../_parts/badges'
import { SuspensionButton } from '../_parts/suspension-button'

interface ShownFlag {
  id: string
  orgId: string
  orgName: string
  suspended: boolean
  /** Who sent or asked for the text. */
  by: string | null
  direction: 'input' | 'output'
  action: 'flagged' | 'blocked'
  language: string | null
  category: string
  word: string
  excerpt: string
  createdAt: string
  reviewedAt: string | null
  reviewedBy: string | null
}

export function FlagList({ flags }: { flags: readonly ShownFlag[] }) {
  return (
    <ul className="space-y-3">
      {flags.map((flag) => (
        <FlagItem key={flag.id} flag={flag} />
      ))}
    </ul>
  )
}

function FlagItem({ flag }: { flag: ShownFlag }) {
  const router = useRouter()
  const toast = useToast()
  const [busy, setBusy] = useState(false)

  const review = async (reviewed: boolean): Promise<void> => {
    setBusy(true)
    try {
      await request(`/api/admin/flags/${flag.id}`, { method: 'PATCH', body: { orgId: flag.orgId, reviewed } })
      router.refresh()
    } catch (error) {
      toast(messageOf(error), 'error')
    }
    setBusy(false)
  }

  return (
    <li className="rounded-xl border border-line bg-surface px-5 py-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <p className="flex flex-wrap items-center gap-2">
            <Link href={`/admin/tenants/${flag.orgId}`} className="font-medium break-words hover:underline">
              {flag.orgName}
            </Link>
            <Badge tone={flag.action === 'blocked' ? 'danger' : 'warning'}>{flag.action}</Badge>
            <Badge>{flag.category.replaceAll('_', ' ')}</Badge>
            {flag.suspended && <Badge tone="danger">Suspended</Badge>}
          </p>
          <p className="mt-0.5 text-[0.87rem] text-muted">
            <Time at={flag.createdAt} style="date-time" /> · {flag.direction === 'input' ? 'what was sent' : 'what was generated'}
            {flag.by !== null && <> · {flag.by}</>}
            {flag.language !== null && <> · list {flag.language}</>}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button look="secondary" size="small" busy={busy} onClick={() => void review(flag.reviewedAt === null)}>
            {flag.reviewedAt === null ? 'Mark as looked at' : 'Open again'}
          </Button>
          <SuspensionButton orgId={flag.orgId} name={flag.orgName} suspended={flag.suspended} size="small" />
        </div>
      </div>
      <blockquote className="mt-2.5 rounded-lg bg-sunken px-3.5 py-2.5 break-words">{flag.excerpt}</blockquote>
      <p className="mt-2 text-[0.87rem] text-muted">
        Found: <span className="font-medium text-ink">{flag.word}</span>
        {flag.reviewedAt !== null && (
          <>
            {' '}
            · looked at <Time at={flag.reviewedAt} style="date-time" />
            {flag.reviewedBy !== null && <> by {flag.reviewedBy}</>}
          </>
        )}
      </p>
    </li>
  )
}
