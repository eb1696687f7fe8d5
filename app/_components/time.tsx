'use client'

import { useSyncExternalStore } from 'react'

interface TimeProps {
  /** ISO 8601. */
  at: string
  style?: 'date' | 'date-time'
}

const unchanging = (): (() => void) => () => undefined

/** A moment in the reader's own time zone; until the page is live, in UTC, as the server knows no other. */
export function Time({ at, style = 'date' }: TimeProps) {
  const timeZone = useSyncExternalStore(
    unchanging,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => 'UTC',
  )
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', ...(style === 'date-time' ? { timeStyle: 'short' } : {}), timeZone })
  return <time dateTime={at}>{format.format(new Date(at))}</time>
}
