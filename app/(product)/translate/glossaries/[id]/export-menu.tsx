'use client'

import Download from 'lucide-react/icons/download'

import { Button } from '@/app/_components/button'
import { Menu, MenuItem } from '@/app/_components/menu'
import { entriesToCsv, entriesToTsv, type GlossaryEntry } from '@/lib/domain/glossary-entries'

/** Saves the table as it stands, saved or not, as a file. */
export function ExportMenu({ name, entries }: { name: string; entries: () => GlossaryEntry[] }) {
  const save = (extension: 'tsv' | 'csv', content: string, type: string): void => {
    const address = URL.createObjectURL(new Blob([content], { type }))
    const link = document.createElement('a')
    link.href = address
    link.download = `${name}.${extension}`
    link.click()
    URL.revokeObjectURL(address)
  }
  return (
    <Menu
      align="start"
      trigger={
        <Button look="secondary">
          <Download aria-hidden className="size-4" />
          Export
        </Button>
      }
    >
      <MenuItem onSelect={() => save('tsv', entriesToTsv(entries()), 'text/tab-separated-values')}>Tab-separated (TSV)</MenuItem>
      <MenuItem onSelect={() => save('csv', entriesToCsv(entries()), 'text/csv')}>Comma-separated (CSV)</MenuItem>
    </Menu>
  )
}
