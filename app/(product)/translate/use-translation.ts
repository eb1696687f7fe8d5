import { useCallback, useEffect, useRef, useState } from 'react'

import { messageOf, request, CallError } from '@/app/_browser/call-api'
import { readEvents } from '@/app/_browser/read-events'
import { translateEvent } from '@/lib/contract/browser'

export interface TranslationJob {
  text: string
  /** null: to be detected. */
  source: string | null
  target: string
  model: string
  /** The glossary's id. */
  glossary: string | null
}

export interface GlossaryTerm {
  source: string
  target: string
}

interface TranslationState {
  /** What it was made from, in `job`; kept in view while the next one is under way. */
  result: { text: string; detected: string; inserted: readonly GlossaryTerm[]; job: TranslationJob } | null
  progress: { done: number; total: number } | null
  busy: boolean
  error: string | null
}

const NOTHING: TranslationState = { result: null, progress: null, busy: false, error: null }

/** One translation at a time: a newer one takes the place of the one that is under way. */
export function useTranslation(): TranslationState & { translate: (job: TranslationJob) => void; clear: () => void; replace: (text: string, job: TranslationJob, detected?: string) => void } {
  const [state, setState] = useState(NOTHING)
  const running = useRef<AbortController | null>(null)

  useEffect(() => () => running.current?.abort(), [])

  const run = useCallback(async (job: TranslationJob, signal: AbortSignal): Promise<void> => {
    try {
      const response = await request('/api/translate', { method: 'POST', body: job, signal })
      for await (const event of readEvents(response, translateEvent)) {
        if (signal.aborted) return
        if (event.type === 'error') throw new CallError(event.error.code, event.error.message, event.error.param)
        if (event.type === 'progress') setState((shown) => ({ ...shown, progress: { done: event.done, total: event.total } }))
        else {
          setState({ result: { text: event.text, detected: event.detected, inserted: event.inserted, job }, progress: null, busy: false, error: null })
          return
        }
      }
      if (!signal.aborted) throw new CallError('unreachable', 'The connection broke off before the translation was done. Try again.')
    } catch (error) {
      if (!signal.aborted) setState((shown) => ({ ...shown, progress: null, busy: false, error: messageOf(error) }))
    }
  }, [])

  const translate = useCallback(
    (job: TranslationJob) => {
      running.current?.abort()
      running.current = new AbortController()
      setState((shown) => ({ ...shown, progress: null, busy: true, error: null }))
      void run(job, running.current.signal)
    },
    [run],
  )

  const clear = useCallback(() => {
    running.current?.abort()
    setState(NOTHING)
  }, [])

  /** Shows a text as the translation, without asking for it: after a swap, the one that was typed; a person's correction. */
  const replace = useCallback((text: string, job: TranslationJob, detected?: string) => {
    running.current?.abort()
    setState({ result: { text, detected: detected ?? job.source ?? '', inserted: [], job }, progress: null, busy: false, error: null })
  }, [])

  return { ...state, translate, clear, replace }
}
