'use client'

import { Select } from '@/app/_components/select'
import type { GlossaryItem } from '@/lib/contract/browser-translation'

import { languageName } from './directions'

/** No glossary is used. */
const NONE = 'none'

interface GlossarySelectProps {
  glossaries: readonly GlossaryItem[]
  /** The chosen one's id. */
  value: string | null
  onChange: (glossary: GlossaryItem | null) => void
  look?: 'field' | 'quiet'
  className?: string
}

/** The glossaries of every language pair: choosing one chooses its languages. */
export function GlossarySelect({ glossaries, value, onChange, look = 'quiet', className }: GlossarySelectProps) {
  const options = glossaries.map(({ id, name, source, target, entryCount }) => ({
    value: id,
    label: name,
    hint: `${languageName(source)} to ${languageName(target)}, ${entryCount === 1 ? '1 term' : `${entryCount.toLocaleString('en')} terms`}`,
  }))
  return (
    <Select
      label="Glossary"
      look={look}
      value={value ?? NONE}
      options={[{ value: NONE, label: 'No glossary' }, ...options]}
      onChange={(id) => onChange(glossaries.find((glossary) => glossary.id === id) ?? null)}
      className={className ?? 'max-w-full'}
    />
  )
}
