import RotateCcw from 'lucide-react/icons/rotate-ccw'

import { Button } from '@/app/_components/button'
import { CopyButton } from '@/app/_components/copy-button'
import { IconButton } from '@/app/_components/icon-button'
import { LogoMark } from '@/app/_components/logo'
import { Notice } from '@/app/_components/notice'
import { ReadAloudButton } from '@/app/_components/read-aloud-button'
import type { ChatMessage } from '@/lib/contract/browser'

interface MessageProps {
  message: ChatMessage
  /** The language to read it aloud in. */
  language?: string | undefined
  /** Answers the question anew; given for the last answer alone, while nothing is under way. */
  onAgain?: (() => void) | undefined
}

export function Message({ message, language, onAgain }: MessageProps) {
  if (message.role === 'user') {
    return (
      <>
        <Question content={message.content} />
        {/* A question that stands last was never answered. */}
        {onAgain !== undefined && (
          <Notice tone="warning" action={<AgainButton onAgain={onAgain} />}>
            This has no answer yet.
          </Notice>
        )}
      </>
    )
  }
  return <Answer message={message} language={language} onAgain={onAgain} />
}

export function Question({ content }: { content: string }) {
  return (
    <article aria-label="You" className="flex justify-end">
      <p className="max-w-[85%] rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5 break-words whitespace-pre-wrap text-ink md:max-w-[75%]">{content}</p>
    </article>
  )
}

/** The place of an answer that has not begun. */
export function AnswerPlaceholder() {
  return (
    <article aria-label="Parley" aria-busy className="flex gap-3">
      <LogoMark className="mt-0.5 size-6 shrink-0" />
      <Dots />
    </article>
  )
}

function Dots() {
  return (
    <span aria-hidden className="flex h-7 items-center gap-1">
      {[0, 1, 2].map((dot) => (
        <span key={dot} className="size-1.5 animate-shimmer rounded-full bg-field" style={{ animationDelay: `${dot * 200}ms` }} />
      ))}
    </span>
  )
}

function Answer({ message: { content, generation }, language, onAgain }: MessageProps) {
  const running = generation?.status === 'running'
  return (
    <article aria-label="Parley" aria-busy={running || undefined} data-status={generation?.status ?? 'done'} className="flex gap-3">
      <LogoMark className="mt-0.5 size-6 shrink-0" />
      <div className="min-w-0 flex-1 space-y-1.5">
        {running && content === '' && <Dots />}
        {content !== '' && (
          <p data-answer className="break-words whitespace-pre-wrap">
            {content}
            {running && <span aria-hidden className="ml-0.5 inline-block h-[1.05em] w-[2px] translate-y-[0.2em] animate-caret bg-accent" />}
          </p>
        )}
        {generation?.status === 'done' && content === '' && <p className="text-muted italic">The model had nothing to say.</p>}
        {generation?.status === 'stopped' && <p className="text-[0.87rem] text-muted">Stopped.</p>}
        {generation?.status === 'failed' && (
          <Notice tone="error" action={onAgain === undefined ? undefined : <AgainButton onAgain={onAgain} />}>
            {generation.error ?? 'The answer could not be completed.'}
          </Notice>
        )}
        {!running && (
          <div className="-ml-1.5 flex items-center gap-0.5">
            {content !== '' && (
              <>
                <CopyButton text={content} label="Copy answer" />
                <ReadAloudButton text={content} language={language} label="Read answer aloud" />
              </>
            )}
            {onAgain !== undefined && generation?.status !== 'failed' && (
              <IconButton label="Answer again" icon={<RotateCcw aria-hidden />} onClick={onAgain} />
            )}
          </div>
        )}
      </div>
    </article>
  )
}

function AgainButton({ onAgain }: { onAgain: () => void }) {
  return (
    <Button look="secondary" size="small" onClick={onAgain}>
      Try again
    </Button>
  )
}
