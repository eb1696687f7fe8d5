import { Button } from '@/app/_components/button'
import { classNames } from '@/app/_components/class-names'
import { CopyButton } from '@/app/_components/copy-button'
import { Notice } from '@/app/_components/notice'
import { Progress } from '@/app/_components/progress'
import { ReadAloudButton } from '@/app/_components/read-aloud-button'
import { Spinner } from '@/app/_components/spinner'

interface TranslationPaneProps {
  text: string
  language: string
  /** The text belongs to an earlier state of the source. */
  stale: boolean
  busy: boolean
  progress: { done: number; total: number } | null
  error: string | null
  onRetry: () => void
}

export function TranslationPane({ text, language, stale, busy, progress, error, onRetry }: TranslationPaneProps) {
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
        {error === null && (
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
          </div>
        )}
      </div>
      <div className="flex h-12 items-center gap-1 px-3">
        <ReadAloudButton text={stale ? '' : text} language={language} label="Read the translation aloud" />
        <CopyButton text={stale ? '' : text} label="Copy translation" />
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
