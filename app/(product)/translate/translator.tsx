'use client'

import ArrowLeftRight from 'lucide-react/icons/arrow-left-right'
import X from 'lucide-react/icons/x'
import { useEffect, useState } from 'react'

import { Button } from '@/app/_components/button'
import { classNames } from '@/app/_components/class-names'
import { IconButton } from '@/app/_components/icon-button'
import { ReadAloudButton } from '@/app/_components/read-aloud-button'
import { Select } from '@/app/_components/select'
import type { ModelChoice } from '@/app/_server/text-models'
import { TRANSLATION_LIMIT } from '@/lib/contract/browser'
import type { GlossaryItem } from '@/lib/contract/browser-translation'

import { DETECT, isDeclared, languageName, reachableTarget, sourcesOf, targetsOf } from './directions'
import { GlossarySelect } from './glossary-select'
import { TranslationPane } from './translation-pane'
import { useTranslation, type TranslationJob } from './use-translation'

/** How long a pause in typing starts a translation. */
const PAUSE_MS = 700

const COUNT = new Intl.NumberFormat('en')

export function Translator({ models, glossaries }: { models: readonly ModelChoice[]; glossaries: readonly GlossaryItem[] }) {
  const [model, setModel] = useState(models[0]?.name ?? '')
  const directions = models.find(({ name }) => name === model)?.directions ?? []
  const [source, setSource] = useState(DETECT)
  const [chosen, setTarget] = useState(() => reachableTarget(directions, DETECT, 'fr'))
  const [text, setText] = useState('')
  const [glossaryId, setGlossary] = useState<string | null>(null)
  const { result, progress, busy, error, translate, clear, replace } = useTranslation()
  // A text found to be in the chosen target language is translated the other way.
  const target = source === DETECT && result?.detected === chosen ? reachableTarget(directions, chosen, chosen) : chosen

  const length = text.length
  const tooLong = length > TRANSLATION_LIMIT
  const offered = glossaries.filter((one) => isDeclared(directions, one.source, one.target))
  // A glossary is for its own pair of languages, and rests while another is chosen.
  const glossary = offered.find((one) => one.id === glossaryId && one.source === source && one.target === target)?.id ?? null
  const wanted: TranslationJob = { text, source: source === DETECT ? null : source, target, model, glossary }
  const upToDate = result !== null && sameJob(result.job, wanted)
  const detected = source === DETECT && result !== null && result.job.text === text && text.trim() !== '' ? result.detected : null
  const from = source === DETECT ? (detected ?? result?.detected ?? null) : source
  const canSwap = from !== null && isDeclared(directions, target, from)

  const start = (): void => {
    if (text.trim() !== '' && !tooLong && !upToDate) translate(wanted)
  }

  // A change while nothing is typed, such as another target, counts as a pause at once after the same delay.
  useEffect(() => {
    if (text.trim() === '' || tooLong || upToDate) return
    const timer = setTimeout(() => translate({ text, source: source === DETECT ? null : source, target, model, glossary }), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, source, target, model, glossary, tooLong, upToDate, translate])

  const change = (value: string): void => {
    setText(value)
    if (value.trim() === '') clear()
  }

  const swap = (): void => {
    if (from === null) return
    const translated = result !== null && upToDate ? result.text : ''
    setSource(target)
    setTarget(from)
    if (translated === '') return
    setText(translated)
    replace(text, { text: translated, source: target, target: from, model, glossary: null })
  }

  const chooseModel = (name: string): void => {
    const offered = models.find((choice) => choice.name === name)?.directions ?? []
    const kept = source === DETECT || sourcesOf(offered).includes(source) ? source : DETECT
    setModel(name)
    setSource(kept)
    setTarget(reachableTarget(offered, kept, target))
  }

  return (
    <div>
      <div className="overflow-hidden rounded-2xl border border-line bg-surface shadow-card">
        <div className="flex items-center gap-1 border-b border-line p-2">
          <div className="min-w-0 flex-1">
            <Select
              label="From"
              look="quiet"
              value={source}
              shown={source === DETECT && detected !== null && detected !== '' ? `Detected: ${languageName(detected)}` : undefined}
              options={[{ value: DETECT, label: 'Detect language' }, ...sourcesOf(directions).map((code) => ({ value: code, label: languageName(code) }))]}
              onChange={(value) => {
                setSource(value)
                setTarget(reachableTarget(directions, value, target))
              }}
              className="max-w-full"
            />
          </div>
          <IconButton label="Swap languages" icon={<ArrowLeftRight aria-hidden />} disabled={!canSwap} onClick={swap} size="large" />
          <div className="min-w-0 md:flex-1">
            <Select
              label="To"
              look="quiet"
              value={target}
              options={targetsOf(directions, source).map((code) => ({ value: code, label: languageName(code) }))}
              onChange={setTarget}
              className="max-w-full"
            />
          </div>
        </div>
        <div className="grid md:min-h-80 md:grid-cols-2">
          <div className="flex flex-col border-line max-md:border-b md:border-r">
            <div className="relative flex flex-1">
              <textarea
                value={text}
                onChange={(event) => change(event.target.value)}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                    event.preventDefault()
                    start()
                  }
                }}
                lang={from ?? undefined}
                aria-label="Text to translate"
                aria-describedby="translate-count"
                aria-invalid={tooLong || undefined}
                placeholder="Type or paste a text"
                className="min-h-40 w-full resize-none bg-transparent py-4 pr-11 pl-5 text-[1.1rem] leading-relaxed outline-none md:min-h-72"
              />
              {text !== '' && <IconButton label="Clear" icon={<X aria-hidden />} onClick={() => change('')} className="absolute top-2.5 right-2" />}
            </div>
            <div className="flex h-12 items-center justify-between gap-2 px-3">
              <ReadAloudButton text={text} language={from ?? undefined} label="Read the text aloud" />
              <p id="translate-count" className={classNames('tabular ml-auto px-2 text-[0.87rem]', tooLong ? 'font-medium text-danger' : 'text-muted')}>
                {tooLong && 'Too long: '}
                {COUNT.format(length)} / {COUNT.format(TRANSLATION_LIMIT)}
              </p>
            </div>
          </div>
          <TranslationPane
            text={text.trim() === '' ? '' : (result?.text ?? '')}
            language={result?.job.target ?? target}
            inserted={result?.inserted ?? []}
            stale={busy || !upToDate}
            busy={busy}
            progress={progress}
            error={error}
            onRetry={() => translate(wanted)}
            correctable={result === null ? null : { job: result.job, detected: result.detected }}
            onCorrected={(corrected) => {
              if (result !== null) replace(corrected, result.job, result.detected)
            }}
          />
        </div>
      </div>
      <div className="mt-3 flex flex-wrap items-center justify-between gap-3 text-[0.87rem] text-muted">
        <p>
          Translated by a small model, sentence by sentence; it may be wrong. <span className="max-md:hidden">Ctrl + Enter translates at once.</span>
        </p>
        <div className="flex min-w-0 flex-wrap items-center gap-2">
          {offered.length > 0 && (
            <GlossarySelect
              glossaries={offered}
              value={glossary}
              onChange={(chosenOne) => {
                setGlossary(chosenOne?.id ?? null)
                if (chosenOne === null) return
                setSource(chosenOne.source)
                setTarget(chosenOne.target)
              }}
            />
          )}
          {models.length > 1 && (
            <Select label="Model" look="quiet" value={model} options={models.map(({ name }) => ({ value: name, label: name }))} onChange={chooseModel} />
          )}
          <Button look="secondary" size="small" disabled={text.trim() === '' || tooLong || busy} onClick={() => translate(wanted)}>
            Translate
          </Button>
        </div>
      </div>
    </div>
  )
}

function sameJob(a: TranslationJob, b: TranslationJob): boolean {
  return a.text === b.text && a.source === b.source && a.target === b.target && a.model === b.model && a.glossary === b.glossary
}
