import Link from 'next/link'

import { classNames } from '@/app/_components/class-names'

import { MEASURES, type Measure } from './measures'

const NAMES: readonly Measure[] = ['revenue', 'tokens', 'characters', 'requests']

/** What a chart shows, as links: the choice stands in the address. */
export function MeasureChooser({ measure, hrefOf }: { measure: Measure; hrefOf: (measure: Measure) => string }) {
  return (
    <nav aria-label="Show" className="inline-flex max-w-full overflow-x-auto rounded-lg border border-line bg-sunken p-0.5">
      {NAMES.map((name) => (
        <Link
          key={name}
          href={hrefOf(name)}
          scroll={false}
          aria-current={name === measure ? 'true' : undefined}
          className={classNames(
            'flex h-8 items-center rounded-md px-2.5 text-[0.87rem] font-medium whitespace-nowrap transition-colors',
            name === measure ? 'bg-surface text-ink shadow-card' : 'text-muted hover:text-ink',
          )}
        >
          {MEASURES[name].label}
        </Link>
      ))}
    </nav>
  )
}
