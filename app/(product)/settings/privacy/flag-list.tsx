'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Time } from '@/app/_components/time'
import { useToast } from '@/app/_components/toast'

import { categoryName } from './category-names'

interface ListedFlag {
  id: string
  direction: 'input' | 'output'
  action: 'flagged' | 'blocked'
  category: string
  word: string
  excerpt: string
  at: string
  reviewed: boolean
  reviewer: string | null
  /** Who wrote it, or asked for it. */
  from: string
}

export function FlagList({ flags }: { flags: readonly ListedFlag[] }) {
  const router = useRouter()
  const toast = useToast()
  const [busy, setBusy] = useState<string | null>(null)

  const review = async ({ id, reviewed }: ListedFlag): Promise<void> => {
    setBusy(id)
    try {
      await request(`/api/privacy/flags/${id}`, { method: 'PATCH', body: { reviewed: !reviewed } })
      router.refresh()
    } catch (error) {
      toast(messageOf(error), 'error')
    }
    setBusy(null)
  }

  if (flags.length === 0) return <p className="text-muted">Nothing was found.</p>
  return (
    <ul aria-label="Flags" className="divide-y divide-line rounded-lg border border-line">
      {flags.map((flag) => (
        <li key={flag.id} data-reviewed={flag.reviewed} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
          <div className="min-w-0 flex-1 basis-64">
            <p className="break-words">{flag.excerpt}</p>
            <p className="mt-1 flex flex-wrap gap-x-3 text-[0.83rem] text-muted">
              <span className={flag.action === 'blocked' ? 'font-medium text-danger' : 'font-medium text-warning'}>{flag.action === 'blocked' ? 'Blocked' : 'Flagged'}</span>
              <span>
                {categoryName(flag.category)}: {flag.word}
              </span>
              <span>{flag.direction === 'input' ? `written by ${flag.from}` : `in an answer to ${flag.from}`}</span>
              <Time at={flag.at} style="date-time" />
              {flag.reviewed && <span>reviewed{flag.reviewer === null ? '' : ` by ${flag.reviewer}`}</span>}
            </p>
          </div>
          <Button look={flag.reviewed ? 'ghost' : 'secondary'} size="small" busy={busy === flag.id} onClick={() => void review(flag)} aria-label={`${flag.reviewed ? 'Open again' : 'Mark as reviewed'}: ${flag.word}`}>
            {flag.reviewed ? 'Open again' : 'Mark as reviewed'}
          </Button>
        </li>
      ))}
    </ul>
  )
}
