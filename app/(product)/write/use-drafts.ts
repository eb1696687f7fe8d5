import { useRef, useState } from 'react'

import { callApi, messageOf, request } from '@/app/_browser/call-api'
import { useGeneration, type Following } from '@/app/_browser/use-generation'
import { created, type Drafts, type GenerationEvent } from '@/lib/contract/browser'

export interface DraftRequest {
  opening: string
  drafts: number
  maxTokens: number
  temperature: number
  model: string
}

interface DraftsState {
  drafts: Drafts | null
  busy: boolean
  error: string | null
  start: (request: DraftRequest) => Promise<void>
  stop: () => Promise<void>
}

function apply(drafts: Drafts, event: GenerationEvent): Drafts {
  if (event.type === 'chunk') {
    return { ...drafts, texts: drafts.texts.map((text, draft) => (draft === event.choice ? text + event.text : text)) }
  }
  const { status, error, texts, reasons } = event
  return { ...drafts, generation: { ...drafts.generation, status, error }, texts: drafts.texts.map((text, draft) => texts[draft] ?? text), reasons }
}

/** The drafts of the page, from the last ones that were written; they go on when the page is closed. */
export function useDrafts(latest: Drafts | null): DraftsState {
  const [drafts, setDrafts] = useState(latest)
  const [following, setFollowing] = useState<Following | null>(() =>
    latest?.generation.status === 'running' ? { generationId: latest.generation.id, after: latest.generation.after } : null,
  )
  const [starting, setStarting] = useState(false)
  const [error, setError] = useState<string | null>(null)
  // A stop that was asked for before the server had said which drafts it started.
  const stopEarly = useRef(false)

  const requestStop = async (generationId: string): Promise<void> => {
    stopEarly.current = false
    try {
      await request(`/api/generations/${generationId}/stop`, { method: 'POST' })
    } catch (thrown) {
      setError(messageOf(thrown))
    }
  }

  useGeneration(
    following,
    (event) => {
      setDrafts((shown) => (shown === null ? null : apply(shown, event)))
      if (event.type === 'end') setFollowing(null)
    },
    () => {
      setFollowing(null)
      setError('The connection to the drafts was lost. Reload the page to see them.')
    },
  )

  const start = async (wanted: DraftRequest): Promise<void> => {
    setStarting(true)
    setError(null)
    try {
      const { id } = await callApi('/api/write', created, { method: 'POST', body: wanted })
      setDrafts({
        generation: { id, status: 'running', error: null, after: 0 },
        opening: wanted.opening,
        texts: Array.from({ length: wanted.drafts }, () => ''),
        reasons: Array.from({ length: wanted.drafts }, () => null),
      })
      setFollowing({ generationId: id, after: 0 })
      if (stopEarly.current) await requestStop(id)
    } catch (thrown) {
      stopEarly.current = false
      setError(messageOf(thrown))
    }
    setStarting(false)
  }

  const stop = async (): Promise<void> => {
    if (following === null) stopEarly.current = true
    else await requestStop(following.generationId)
  }

  return { drafts, busy: starting || following !== null, error, start, stop }
}
