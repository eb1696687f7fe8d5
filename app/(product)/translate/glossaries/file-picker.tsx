'use client'

import Upload from 'lucide-react/icons/upload'

import { buttonClasses } from '@/app/_components/button'
import { classNames } from '@/app/_components/class-names'

/** A button that takes one file of terms. */
export function FilePicker({ label, onFile }: { label: string; onFile: (file: File) => void }) {
  return (
    <label className={classNames(buttonClasses('secondary'), 'cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent')}>
      <Upload aria-hidden className="size-4" />
      {label}
      <input
        type="file"
        accept=".tsv,.csv,.txt,text/tab-separated-values,text/csv"
        className="sr-only"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? []
          event.currentTarget.value = ''
          if (file !== undefined) onFile(file)
        }}
      />
    </label>
  )
}
