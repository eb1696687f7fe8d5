'use client'

import SquarePen from 'lucide-react/icons/square-pen'
import { useState } from 'react'

import { Button } from '@/app/_components/button'
import { classNames } from '@/app/_components/class-names'
import { CopyButton } from '@/app/_components/copy-button'
import { IconButton } from '@/app/_components/icon-button'
import { Notice } from '@/app/_components/notice'
import { Progress } from '@/app/_components/progress'
import { ReadAloudButton } from '@/app/_components/read-aloud-button'
import { Spinner } from '@/app/_components/spinner'

import { CorrectionForm } from './correction-form'
import type { GlossaryTerm, TranslationJob } from './use-translation'

interface TranslationPaneProps {
  text: string
  language: string
  /** The text belongs to an earlier state of the source. */
  stale: boolean
  busy: boolean
  progress: { done: number; total: number } | null
  error: string | null
  onRetry: () => void
  /** Glossary terms that found no place in it. */
  inserted: readonly GlossaryTerm[]
  /** What the text was made from; null where there is none. */
  correctable: { job: TranslationJob; detected: string } | null
  onCorrected: (text: string) => void
}

export function TranslationPane({ text, language, stale, busy, progress, error, onRetry, inserted, correctable, onCorrected }: TranslationPaneProps) {
  const [correcting, setCorrecting] = useState<string | null>(null)
  // A correction is of one translation, and goes with it.
  const form = correcting !== null && correcting === text && correctable !== null && error === null
  return (
    <section aria-label="Translation" aria-busy={busy || undefined} className="relative flex flex-col bg-canvas/50">
      {busy && progress !== null && progress.total > 1 && (
        <div className="absolute inset-x-0 top-0">
          <Progress label={`Sentences translated: ${progress.done} of ${progress.total}`} share={progress.done / progress.total} />
        </div>
      )}
      <div className="min-h-32 flex-1 px-5 py-4">
        {error !== null && (
          <Notice
            tone="error"
            action={
              <Button look="secondary" size="small" onClick={onRetry}>
                Try again
              </Button>
            }
          >
            {error}
          </Notice>
        )}
        {form && (
          <CorrectionForm
            text={text}
            language={language}
            job={correctable.job}
            detected={correctable.detected}
            onCancel={() => setCorrecting(null)}
            onSaved={(corrected) => {
              setCorrecting(null)
              onCorrected(corrected)
            }}
          />
        )}
        {error === null && !form && (
          <div aria-live="polite">
            {text === '' && !busy && <p className="text-[1.1rem] text-faint">The translation appears here.</p>}
            {text !== '' && (
              <p
                lang={language}
                data-translation
                data-stale={stale || undefined}
                className={classNames('text-[1.1rem] leading-relaxed break-words whitespace-pre-wrap transition-opacity', stale && 'opacity-70')}
              >
                {text}
              </p>
            )}
            {text !== '' && !stale && inserted.length > 0 && (
              <p className="mt-3 text-[0.87rem] text-muted">
                {inserted.length === 1 ? 'A glossary term' : 'Glossary terms'} found no place and {inserted.length === 1 ? 'stands' : 'stand'} in brackets:{' '}
                {[...new Set(inserted.map(({ target }) => target))].join(', ')}.
              </p>
            )}
          </div>
        )}
      </div>
      <div className="flex h-12 items-center gap-1 px-3">
        <ReadAloudButton text={stale ? '' : text} language={language} label="Read the translation aloud" />
        <CopyButton text={stale ? '' : text} label="Copy translation" />
        {text !== '' && !stale && !form && <IconButton label="Improve this translation" icon={<SquarePen aria-hidden />} onClick={() => setCorrecting(text)} />}
        {busy && (
          <p role="status" className="ml-auto flex items-center gap-2 px-2 text-[0.87rem] text-muted">
            <Spinner />
            {progress !== null && progress.total > 1 ? `${progress.done} of ${progress.total} sentences` : 'Translating'}
          </p>
        )}
      </div>
    </section>
  )
}
