import ChevronLeft from 'lucide-react/icons/chevron-left'
import ChevronRight from 'lucide-react/icons/chevron-right'
import Link from 'next/link'

import { buttonClasses } from '@/app/_components/button'

import { count } from './formats'

interface PagerProps {
  what: string
  /** From 1. */
  page: number
  pageSize: number
  total: number
  hrefOf: (page: number) => string
}

/** Which rows of how many stand above, and the ways to the others. */
export function Pager({ what, page, pageSize, total, hrefOf }: PagerProps) {
  const first = (page - 1) * pageSize + 1
  const last = Math.min(page * pageSize, total)
  return (
    <nav aria-label={`Pages of ${what}`} className="mt-4 flex flex-wrap items-center justify-between gap-3">
      <p className="tabular text-[0.93rem] text-muted">
        {count(first)} to {count(last)} of {count(total)} {what}
      </p>
      <div className="flex gap-2">
        {page > 1 && (
          <Link href={hrefOf(page - 1)} className={buttonClasses('secondary', 'small')}>
            <ChevronLeft aria-hidden className="size-4" />
            Previous
          </Link>
        )}
        {last < total && (
          <Link href={hrefOf(page + 1)} className={buttonClasses('secondary', 'small')}>
            Next
            <ChevronRight aria-hidden className="size-4" />
          </Link>
        )}
      </div>
    </nav>
  )
}
