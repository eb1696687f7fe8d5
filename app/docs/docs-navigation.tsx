'use client'

import { useState } from 'react'

import { INPUT_CLASSES } from '@/app/_components/field'

export interface DocsEntry {
  /** The anchor. */
  id: string
  title: string
  group: string
  /** What it is found by, beside its title. */
  words: string
}

/** Links to all parts of the page, fewer as something is searched for. */
export function DocsNavigation({ entries }: { entries: readonly DocsEntry[] }) {
  const [wanted, setWanted] = useState('')
  const words = wanted.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const found = entries.filter(({ title, group, words: known }) => {
    const text = `${title} ${group} ${known}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const groups = [...new Set(found.map(({ group }) => group))]
  return (
    <nav aria-label="Documentation" className="max-lg:mt-4 max-lg:rounded-xl max-lg:border max-lg:border-line max-lg:bg-surface max-lg:p-3 lg:sticky lg:top-0 lg:flex lg:max-h-dvh lg:flex-col lg:self-start lg:py-8">
      <input
        type="search"
        aria-label="Search"
        placeholder="Search"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        className={`${INPUT_CLASSES} h-10`}
      />
      <div className="mt-3 max-h-56 overflow-y-auto lg:max-h-none lg:flex-1">
        {groups.map((group) => (
          <div key={group} className="mb-4">
            <p className="px-2 text-[0.8rem] font-semibold text-muted">{group}</p>
            <ul>
              {found
                .filter((entry) => entry.group === group)
                .map(({ id, title }) => (
                  <li key={id}>
                    <a href={`#${id}`} className="block rounded-md px-2 py-1 text-[0.93rem] hover:bg-hover">
                      {title}
                    </a>
                  </li>
                ))}
            </ul>
          </div>
        ))}
        <p role="status" className="px-2 text-[0.93rem] text-muted">
          {found.length === 0 ? 'Nothing found.' : ''}
        </p>
      </div>
    </nav>
  )
}
