'use client'

import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Notice } from '@/app/_components/notice'
import { useToast } from '@/app/_components/toast'

/** Stands where a person has not yet shown that the address is the own. */
export function ConfirmAddress() {
  const toast = useToast()
  const [busy, setBusy] = useState(false)

  const send = async (): Promise<void> => {
    setBusy(true)
    try {
      await request('/api/account/email', { method: 'POST' })
      toast('A mail with a link is on its way.')
    } catch (error) {
      toast(messageOf(error), 'error')
    }
    setBusy(false)
  }

  return (
    <div className="mt-5 max-w-xl">
      <Notice
        tone="note"
        action={
          <Button look="secondary" size="small" busy={busy} onClick={() => void send()}>
            Send the link
          </Button>
        }
      >
        Your address is not confirmed yet. Once it is, you can also sign in by an account elsewhere that has it.
      </Notice>
    </div>
  )
}
