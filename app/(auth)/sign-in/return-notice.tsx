'use client'

import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Notice } from '@/app/_components/notice'

/** For an operator whose time in somebody's place is over: the own session still stands. */
export function ReturnNotice() {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)

  const goBack = async (): Promise<void> => {
    setBusy(true)
    try {
      await request('/api/impersonation', { method: 'DELETE' })
      window.location.assign('/admin')
    } catch (thrown) {
      setError(messageOf(thrown))
      setBusy(false)
    }
  }

  return (
    <div className="mb-5">
      <Notice
        tone={error === null ? 'note' : 'error'}
        action={
          <Button look="secondary" size="small" busy={busy} onClick={() => void goBack()}>
            Return
          </Button>
        }
      >
        {error ?? 'Your time in somebody’s place is over. Return to your own session, or sign in.'}
      </Notice>
    </div>
  )
}
