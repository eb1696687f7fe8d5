'use client'

import PenLine from 'lucide-react/icons/pen-line'
import Square from 'lucide-react/icons/square'
import { useId, useRef, useState } from 'react'

import { Button } from '@/app/_components/button'
import { ChoiceGroup } from '@/app/_components/choice-group'
import { classNames } from '@/app/_components/class-names'
import { EmptyState } from '@/app/_components/empty-state'
import { INPUT_CLASSES } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { Select } from '@/app/_components/select'
import type { ModelChoice } from '@/app/_server/text-models'
import { MAX_DRAFTS, type Drafts } from '@/lib/contract/browser'

import { DraftCard } from './draft-card'
import { useDrafts } from './use-drafts'

/** How long a draft may become, in tokens: about three quarters of a word each. */
const LENGTHS = [
  { value: '24', label: 'A sentence' },
  { value: '64', label: 'A paragraph' },
  { value: '512', label: 'Long' },
] as const

/** The sampling temperature in plain words. */
const MOODS = [
  { value: '0.4', label: 'Careful' },
  { value: '0.8', label: 'Balanced' },
  { value: '1.1', label: 'Adventurous' },
] as const

const COUNTS = Array.from({ length: MAX_DRAFTS }, (_, index) => ({ value: String(index + 1), label: String(index + 1) }))

export function Writer({ models, latest }: { models: readonly ModelChoice[]; latest: Drafts | null }) {
  const id = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const { drafts, busy, error, start, stop } = useDrafts(latest)
  const [opening, setOpening] = useState(latest?.opening ?? '')
  const [count, setCount] = useState('3')
  const [length, setLength] = useState('64')
  const [mood, setMood] = useState('0.8')
  const [model, setModel] = useState(models[0]?.name ?? '')
  const language = models.find(({ name }) => name === model)?.language ?? undefined

  const write = (from: string): void => {
    if (from.trim() === '' || busy) return
    void start({ opening: from, drafts: Number(count), maxTokens: Number(length), temperature: Number(mood), model })
  }

  const goOnWith = (text: string): void => {
    setOpening(text)
    field.current?.focus()
    window.requestAnimationFrame(() => field.current?.setSelectionRange(text.length, text.length))
    write(text)
  }

  return (
    <div className="space-y-6">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          write(opening)
        }}
        className="rounded-2xl border border-line bg-surface p-4 shadow-card md:p-5"
      >
        <label htmlFor={id} className="mb-1.5 block font-medium">
          Opening
        </label>
        <textarea
          id={id}
          ref={field}
          value={opening}
          onChange={(event) => setOpening(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) write(opening)
          }}
          rows={4}
          maxLength={20_000}
          placeholder="I went to the station, but"
          className={classNames(INPUT_CLASSES, 'resize-y py-2.5 leading-relaxed')}
        />
        <div className="mt-4 flex flex-wrap items-end gap-x-6 gap-y-4">
          <ChoiceGroup label="Drafts" value={count} options={COUNTS} onChange={setCount} />
          <ChoiceGroup label="Length" value={length} options={LENGTHS} onChange={setLength} />
          <ChoiceGroup label="Mood" value={mood} options={MOODS} onChange={setMood} />
          {models.length > 1 && (
            <Select label="Model" value={model} options={models.map(({ name }) => ({ value: name, label: name }))} onChange={setModel} />
          )}
          <div className="ml-auto max-sm:w-full">
            {busy ? (
              <Button look="secondary" onClick={() => void stop()} className="max-sm:w-full">
                <Square aria-hidden className="size-3.5 fill-current" />
                Stop
              </Button>
            ) : (
              <Button type="submit" disabled={opening.trim() === ''} className="max-sm:w-full">
                <PenLine aria-hidden className="size-4" />
                Write drafts
              </Button>
            )}
          </div>
        </div>
      </form>

      {error !== null && <Notice tone="error">{error}</Notice>}
      {drafts?.generation.status === 'failed' && (
        <Notice
          tone="error"
          action={
            <Button look="secondary" size="small" onClick={() => write(drafts.opening)}>
              Try again
            </Button>
          }
        >
          {drafts.generation.error ?? 'The drafts could not be completed.'}
        </Notice>
      )}
      <p role="status" className="sr-only">
        {busy ? 'The drafts are being written.' : drafts !== null ? 'The drafts are done.' : ''}
      </p>

      {drafts === null ? (
        <EmptyState icon={<PenLine />} title="No drafts yet">
          Write the beginning of a sentence or a paragraph above, in everyday English.
        </EmptyState>
      ) : (
        <section aria-label="Drafts">
          <ul className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
            {drafts.texts.map((text, draft) => (
              <li key={draft} className="flex">
                <DraftCard
                  number={draft + 1}
                  opening={drafts.opening}
                  text={text}
                  running={drafts.generation.status === 'running' && (drafts.reasons[draft] ?? null) === null}
                  moderated={drafts.reasons[draft] === 'content_filter'}
                  language={language}
                  onGoOn={busy ? undefined : goOnWith}
                />
              </li>
            ))}
          </ul>
          <p className="mt-4 text-[0.87rem] text-muted">Written by a small language model. What it says may be wrong or make no sense.</p>
        </section>
      )}
    </div>
  )
}
