'use client'

import { useState } from 'react'

import { callApi, messageOf } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { useToast } from '@/app/_components/toast'
import { linkAnswer } from '@/lib/contract/billing'

interface PaymentButtonProps {
  label: string
  /** Who answers with the page to go to, and what it is asked for. */
  path: '/api/billing/checkout' | '/api/billing/portal'
  body?: object
  look?: 'primary' | 'secondary'
}

/** Leads to a page of the payment service, in this tab: it leads back here. */
export function PaymentButton({ label, path, body, look = 'primary' }: PaymentButtonProps) {
  const toast = useToast()
  const [busy, setBusy] = useState(false)

  const go = async (): Promise<void> => {
    setBusy(true)
    try {
      const { url } = await callApi(path, linkAnswer, { method: 'POST', body: body ?? {} })
      window.location.assign(url)
    } catch (error) {
      toast(messageOf(error), 'error')
      setBusy(false)
    }
  }

  return (
    <Button look={look} size="small" busy={busy} onClick={() => void go()}>
      {label}
    </Button>
  )
}
