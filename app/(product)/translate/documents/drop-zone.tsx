'use client'

import FileUp from 'lucide-react/icons/file-up'
import { useId, useRef, useState, type DragEvent } from 'react'

import { buttonClasses } from '@/app/_components/button'
import { classNames } from '@/app/_components/class-names'

interface DropZoneProps {
  /** Without the dot. */
  extensions: readonly string[]
  hint: string
  onFiles: (files: readonly File[]) => void
}

/** Takes files that are dropped on it, or chosen. */
export function DropZone({ extensions, hint, onFiles }: DropZoneProps) {
  const id = useId()
  const [over, setOver] = useState(false)
  const depth = useRef(0)

  const drop = (event: DragEvent): void => {
    event.preventDefault()
    depth.current = 0
    setOver(false)
    onFiles([...event.dataTransfer.files])
  }

  return (
    <div
      onDragEnter={(event) => {
        event.preventDefault()
        depth.current += 1
        setOver(true)
      }}
      onDragLeave={() => {
        depth.current -= 1
        if (depth.current <= 0) setOver(false)
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
      className={classNames(
        'flex flex-col items-center gap-3 rounded-2xl border-2 border-dashed px-6 py-9 text-center transition-colors',
        over ? 'border-accent bg-accent-soft' : 'border-line bg-surface',
      )}
    >
      <FileUp aria-hidden className="size-8 text-accent-ink" />
      <p className="max-md:hidden">{over ? 'Let go to translate' : 'Drop files here, or'}</p>
      <label htmlFor={id} className={classNames(buttonClasses('primary'), 'cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent')}>
        Choose files
        <input
          id={id}
          type="file"
          multiple
          accept={extensions.map((extension) => `.${extension}`).join(',')}
          aria-describedby={`${id}-hint`}
          className="sr-only"
          onChange={(event) => {
            onFiles([...(event.currentTarget.files ?? [])])
            event.currentTarget.value = ''
          }}
        />
      </label>
      <p id={`${id}-hint`} className="max-w-lg text-[0.87rem] text-muted">
        {hint}
      </p>
    </div>
  )
}
