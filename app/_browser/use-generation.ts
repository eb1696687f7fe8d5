import { useEffect, useEffectEvent } from 'react'

import { generationEvent, type GenerationEvent } from '@/lib/contract/browser'

/** A generation to follow, and the last chunk of it that the page has. A new object starts a new stream. */
export interface Following {
  generationId: string
  after: number
}

/**
 * Follows a generation from where the page stands until its end, each chunk once: the browser reconnects by itself.
 * `onLost` is called where the server refuses to go on.
 */
export function useGeneration(following: Following | null, onEvent: (event: GenerationEvent) => void, onLost: () => void): void {
  const receive = useEffectEvent(onEvent)
  const lose = useEffectEvent(onLost)
  useEffect(() => {
    if (following === null) return
    let seen = following.after
    const source = new EventSource(`/api/generations/${following.generationId}/events?after=${following.after}`)
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const event = generationEvent.parse(JSON.parse(data))
      if (event.type === 'chunk') {
        if (event.seq <= seen) return
        seen = event.seq
      } else {
        source.close()
      }
      receive(event)
    }
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) lose()
    }
    return () => source.close()
  }, [following])
}
