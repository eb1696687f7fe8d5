import ArrowRight from 'lucide-react/icons/arrow-right'

import { Button } from '@/app/_components/button'
import { CopyButton } from '@/app/_components/copy-button'
import { ReadAloudButton } from '@/app/_components/read-aloud-button'
import { Spinner } from '@/app/_components/spinner'

interface DraftCardProps {
  number: number
  opening: string
  text: string
  running: boolean
  /** Whether the organisation's moderation policy ended it. */
  moderated: boolean
  language?: string | undefined
  /** Makes the draft the next opening. */
  onGoOn: ((text: string) => void) | undefined
}

/** One draft: the opening in grey, and what the model made of it. */
export function DraftCard({ number, opening, text, running, moderated, language, onGoOn }: DraftCardProps) {
  const whole = opening + text
  return (
    <article aria-label={`Draft ${number}`} aria-busy={running || undefined} className="flex w-full flex-col rounded-xl border border-line bg-surface shadow-card">
      <div className="flex h-10 items-center gap-2 px-4 text-[0.87rem] font-medium text-muted">
        Draft {number}
        {running && <Spinner />}
      </div>
      <p className="min-h-20 flex-1 px-4 pb-3 leading-relaxed break-words whitespace-pre-wrap">
        <span className="text-muted">{opening}</span>
        <span data-draft>{text}</span>
        {running && <span aria-hidden className="ml-0.5 inline-block h-[1.05em] w-[2px] translate-y-[0.2em] animate-caret bg-accent" />}
        {moderated && <span className="text-muted italic"> (stopped by your organisation&apos;s moderation policy)</span>}
        {!running && !moderated && text === '' && <span className="text-muted italic"> (nothing to add)</span>}
      </p>
      <div className="flex items-center gap-1 border-t border-line px-2.5 py-1.5">
        <CopyButton text={whole} label="Copy draft" />
        <ReadAloudButton text={whole} language={language} label="Read draft aloud" />
        <Button
          look="ghost"
          size="small"
          disabled={onGoOn === undefined || text === ''}
          onClick={() => onGoOn?.(whole)}
          aria-label={`Continue draft ${number}`}
          className="ml-auto"
        >
          Continue
          <ArrowRight aria-hidden className="size-4" />
        </Button>
      </div>
    </article>
  )
}
