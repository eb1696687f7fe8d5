'use client'

import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Notice } from '@/app/_components/notice'

/** A press, not the mere opening of the page: mail scanners open every link. */
export function VerifyButton({ token }: { token: string }) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)

  const verify = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      await request('/api/account/email', { method: 'PATCH', body: { token } })
      window.location.assign('/settings')
    } catch (thrown) {
      setError(messageOf(thrown))
      setBusy(false)
    }
  }

  return (
    <div className="space-y-5">
      {error !== null && <Notice tone="error">{error}</Notice>}
      <Button busy={busy} onClick={() => void verify()} className="w-full">
        This address is mine
      </Button>
    </div>
  )
}
