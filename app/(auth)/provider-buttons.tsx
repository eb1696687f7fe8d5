'use client'

import { useState } from 'react'

import { leaveForProvider } from '@/app/_browser/provider-sign-in'
import { Button } from '@/app/_components/button'
import { Notice } from '@/app/_components/notice'

interface ProviderButtonsProps {
  providers: readonly { id: string; name: string }[]
  /** Where to go afterwards. */
  next: string
}

export function ProviderButtons({ providers, next }: ProviderButtonsProps) {
  const [leaving, setLeaving] = useState<string | null>(null)
  const [failed, setFailed] = useState(false)

  const leave = async (id: string): Promise<void> => {
    setLeaving(id)
    setFailed(false)
    try {
      await leaveForProvider(id, next)
    } catch {
      setFailed(true)
      setLeaving(null)
    }
  }

  return (
    <div className="space-y-3">
      {failed && <Notice tone="error">The server could not be reached. Check the connection and try again.</Notice>}
      {providers.map(({ id, name }) => (
        <Button key={id} look="secondary" busy={leaving === id} disabled={leaving !== null} onClick={() => void leave(id)} className="w-full">
          Continue with {name}
        </Button>
      ))}
    </div>
  )
}
