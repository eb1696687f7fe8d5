'use client'

import X from 'lucide-react/icons/x'
import { useState } from 'react'

import { Button } from '@/app/_components/button'
import { classNames } from '@/app/_components/class-names'
import { INPUT_CLASSES } from '@/app/_components/field'
import { IconButton } from '@/app/_components/icon-button'
import type { GlossaryEntry } from '@/lib/domain/glossary-entries'

import { languageName } from '../../directions'

export interface EditedEntry extends GlossaryEntry {
  /** Tells rows apart while they change. */
  key: number
}

/** As many rows as are drawn at a time. */
const PAGE = 100

interface EntryTableProps {
  entries: readonly EditedEntry[]
  source: string
  target: string
  mayWrite: boolean
  onChange: (entries: readonly EditedEntry[]) => void
}

export function EntryTable({ entries, source, target, mayWrite, onChange }: EntryTableProps) {
  const [wanted, setWanted] = useState('')
  const [shown, setShown] = useState(PAGE)
  const needle = wanted.trim().toLowerCase()
  const found = needle === '' ? entries : entries.filter((entry) => `${entry.source}\n${entry.target}`.toLowerCase().includes(needle))
  const set = (key: number, change: Partial<GlossaryEntry>): void => onChange(entries.map((entry) => (entry.key === key ? { ...entry, ...change } : entry)))

  return (
    <div className="overflow-hidden rounded-xl border border-line bg-surface">
      {entries.length > 10 && (
        <div className="border-b border-line p-2">
          <input
            type="search"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
            placeholder={`Search ${entries.length.toLocaleString('en')} terms`}
            aria-label="Search terms"
            className={classNames(INPUT_CLASSES, 'h-10')}
          />
        </div>
      )}
      <table className="w-full table-fixed">
        <thead>
          <tr className="border-b border-line text-left text-[0.87rem] text-muted">
            <th scope="col" className="px-4 py-2.5 font-medium">
              {languageName(source)}
            </th>
            <th scope="col" className="px-4 py-2.5 font-medium">
              {languageName(target)}
            </th>
            {mayWrite && (
              <th scope="col" className="w-12">
                <span className="sr-only">Remove</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {found.slice(0, shown).map(({ key, ...entry }, index) => (
            <tr key={key}>
              <Cell value={entry.source} label={`Term ${index + 1} in ${languageName(source)}`} language={source} mayWrite={mayWrite} onChange={(value) => set(key, { source: value })} />
              <Cell value={entry.target} label={`Term ${index + 1} in ${languageName(target)}`} language={target} mayWrite={mayWrite} onChange={(value) => set(key, { target: value })} />
              {mayWrite && (
                <td className="text-center">
                  <IconButton
                    label={`Remove ${entry.source === '' ? 'this term' : entry.source}`}
                    icon={<X aria-hidden />}
                    onClick={() => onChange(entries.filter((other) => other.key !== key))}
                  />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {found.length === 0 && <p className="px-4 py-6 text-center text-muted">{needle === '' ? 'There is no term.' : 'No term has this in it.'}</p>}
      {found.length > shown && (
        <div className="border-t border-line p-2 text-center">
          <Button look="ghost" size="small" onClick={() => setShown(shown + PAGE)}>
            Show more of {found.length.toLocaleString('en')}
          </Button>
        </div>
      )}
    </div>
  )
}

interface CellProps {
  value: string
  label: string
  language: string
  mayWrite: boolean
  onChange: (value: string) => void
}

function Cell({ value, label, language, mayWrite, onChange }: CellProps) {
  if (!mayWrite) {
    return (
      <td lang={language} className="px-4 py-2.5 break-words">
        {value}
      </td>
    )
  }
  return (
    <td className="p-1">
      <input
        value={value}
        lang={language}
        aria-label={label}
        onChange={(event) => onChange(event.target.value)}
        className="h-10 w-full rounded-md bg-transparent px-3 hover:bg-hover focus-visible:bg-surface focus-visible:outline-2 focus-visible:outline-accent"
      />
    </td>
  )
}

/** What stands there with what comes from a file: of a term in both, the file's. */
export function merged(entries: readonly EditedEntry[], found: readonly GlossaryEntry[]): (EditedEntry | GlossaryEntry)[] {
  const targets = new Map(found.map(({ source, target }) => [source, target]))
  const known = new Set(entries.map(({ source }) => source))
  const kept = entries.map((entry) => ({ ...entry, target: targets.get(entry.source) ?? entry.target }))
  return [...kept, ...found.filter(({ source }) => !known.has(source))]
}
