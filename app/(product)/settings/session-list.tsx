'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Time } from '@/app/_components/time'
import { useToast } from '@/app/_components/toast'

interface ListedSession {
  id: string
  device: string
  since: string
  current: boolean
}

export function SessionList({ sessions }: { sessions: readonly ListedSession[] }) {
  const router = useRouter()
  const toast = useToast()
  const [ending, setEnding] = useState<string | null>(null)

  const end = async (id: string): Promise<void> => {
    setEnding(id)
    try {
      await request(`/api/sessions/${id}`, { method: 'DELETE' })
      router.refresh()
    } catch (error) {
      toast(messageOf(error), 'error')
    }
    setEnding(null)
  }

  return (
    <ul aria-label="Sessions" className="divide-y divide-line rounded-lg border border-line">
      {sessions.map(({ id, device, since, current }) => (
        <li key={id} className="flex min-h-14 items-center justify-between gap-4 px-4 py-2">
          <span>
            <span className="block font-medium">{device}</span>
            <span className="block text-[0.87rem] text-muted">
              Since <Time at={since} style="date-time" />
            </span>
          </span>
          {current ? (
            <span className="rounded-full bg-accent-soft px-2.5 py-0.5 text-[0.8rem] font-medium text-accent-ink">This one</span>
          ) : (
            <Button look="secondary" size="small" busy={ending === id} onClick={() => void end(id)}>
              Sign out
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
