import Link from 'next/link'

import { count } from '../_parts/formats'

interface FlagCountsProps {
  days: number
  counts: readonly { orgId: string; name: string; flagged: number; blocked: number; open: number }[]
}

/** Whose texts were flagged most. */
export function FlagCounts({ days, counts }: FlagCountsProps) {
  return (
    <section aria-label="Most flagged" className="mb-5 rounded-xl border border-line bg-surface p-5">
      <h2 className="mb-3 font-semibold">Most flagged in {days} days</h2>
      <ul className="grid gap-x-8 gap-y-2 md:grid-cols-2">
        {counts.map(({ orgId, name, flagged, blocked, open }) => (
          <li key={orgId} className="flex flex-wrap items-baseline justify-between gap-x-4">
            <Link href={`/admin/tenants/${orgId}`} className="font-medium break-words hover:underline">
              {name}
            </Link>
            <span className="tabular text-[0.93rem] text-muted">
              {count(flagged)} flagged, {count(blocked)} blocked, {count(open)} open
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
