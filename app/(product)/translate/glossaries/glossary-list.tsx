'use client'

import BookA from 'lucide-react/icons/book-a'
import ChevronRight from 'lucide-react/icons/chevron-right'
import Link from 'next/link'

import { EmptyState } from '@/app/_components/empty-state'
import { Time } from '@/app/_components/time'
import type { GlossaryItem } from '@/lib/contract/browser-translation'

import { languageName } from '../directions'

export function GlossaryList({ glossaries, mayWrite }: { glossaries: readonly GlossaryItem[]; mayWrite: boolean }) {
  if (glossaries.length === 0) {
    return (
      <div className="rounded-xl border border-dashed border-line">
        <EmptyState icon={<BookA />} title="No glossaries yet">
          {mayWrite ? 'Make one with the names of your products and the words of your trade.' : 'A member of your organisation can make one.'}
        </EmptyState>
      </div>
    )
  }
  return (
    <ul aria-label="Glossaries" className="divide-y divide-line rounded-xl border border-line bg-surface">
      {glossaries.map(({ id, name, source, target, entryCount, updatedAt }) => (
        <li key={id}>
          <Link href={`/translate/glossaries/${id}`} className="flex items-center gap-4 py-4 pr-4 pl-5 hover:bg-hover">
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{name}</span>
              <span className="mt-0.5 flex flex-wrap gap-x-3 text-[0.87rem] text-muted">
                <span>
                  {languageName(source)} to {languageName(target)}
                </span>
                <span>{entryCount === 1 ? '1 term' : `${entryCount.toLocaleString('en')} terms`}</span>
                <span>
                  Changed <Time at={updatedAt} />
                </span>
              </span>
            </span>
            <ChevronRight aria-hidden className="size-5 shrink-0 text-muted" />
          </Link>
        </li>
      ))}
    </ul>
  )
}
