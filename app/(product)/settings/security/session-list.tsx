'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Time } from '@/app/_components/time'
import { useToast } from '@/app/_components/toast'

export interface ListedSession {
  id: string
  device: string
  address: string | null
  /** How it was opened, in words. */
  method: string
  since: string
  lastSeen: string
  current: boolean
}

export function SessionList({ sessions }: { sessions: readonly ListedSession[] }) {
  const router = useRouter()
  const toast = useToast()
  const [ending, setEnding] = useState<string | null>(null)

  const end = async (id: string, path: string): Promise<void> => {
    setEnding(id)
    try {
      await request(path, { method: 'DELETE' })
      router.refresh()
    } catch (error) {
      toast(messageOf(error), 'error')
    }
    setEnding(null)
  }

  return (
    <>
      <ul aria-label="Sessions" className="divide-y divide-line rounded-lg border border-line">
        {sessions.map(({ id, device, address, method, since, lastSeen, current }) => (
          <li key={id} className="flex min-h-14 items-center justify-between gap-4 px-4 py-2.5">
            <span className="min-w-0">
              <span className="block font-medium">{device}</span>
              <span className="block text-[0.87rem] text-muted">
                {current ? 'In use now' : <>Last seen <Time at={lastSeen} style="date-time" /></>}
                {address !== null && <> · {address}</>}
              </span>
              <span className="block text-[0.87rem] text-muted">
                {method}, since <Time at={since} style="date-time" />
              </span>
            </span>
            {current ? (
              <span className="shrink-0 rounded-full bg-accent-soft px-2.5 py-0.5 text-[0.8rem] font-medium text-accent-ink">This one</span>
            ) : (
              <Button look="secondary" size="small" busy={ending === id} onClick={() => void end(id, `/api/sessions/${id}`)}>
                Sign out
              </Button>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <Button look="secondary" busy={ending === 'others'} onClick={() => void end('others', '/api/sessions')} className="mt-4">
          End all others
        </Button>
      )}
    </>
  )
}
