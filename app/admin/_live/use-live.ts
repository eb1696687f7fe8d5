'use client'

import { useEffect, useState } from 'react'

import { callApi, messageOf } from '@/app/_browser/call-api'
import { liveStatus, type LiveStatus } from '@/lib/contract/admin'

import { ratesBetween, type WorkerRates } from './rates'

const EVERY_MS = 2000
const KEPT = 60

export interface Live {
  status: LiveStatus
  rates: WorkerRates | null
  /** Sampled tokens a second of the last looks, oldest first; null where unknown. */
  speeds: readonly (number | null)[]
  /** Why the last look failed; the figures are then older. */
  error: string | null
}

/** Looks every two seconds while the page is seen. */
export function useLive(initial: LiveStatus): Live {
  const [live, setLive] = useState<Live>({ status: initial, rates: null, speeds: [], error: null })
  useEffect(() => {
    const gone = new AbortController()
    let timer: number | undefined
    const look = async (): Promise<void> => {
      try {
        const status = await callApi('/api/admin/live', liveStatus, { signal: gone.signal })
        setLive((before) => {
          const rates = ratesBetween(before.status, status)
          return { status, rates, speeds: [...before.speeds, rates?.sampledPerSecond ?? null].slice(-KEPT), error: null }
        })
      } catch (error) {
        if (!gone.signal.aborted) setLive((before) => ({ ...before, error: messageOf(error) }))
      }
      if (!gone.signal.aborted) next()
    }
    const next = (): void => {
      timer = window.setTimeout(() => (document.hidden ? next() : void look()), EVERY_MS)
    }
    next()
    return () => {
      gone.abort()
      window.clearTimeout(timer)
    }
  }, [])
  return live
}
