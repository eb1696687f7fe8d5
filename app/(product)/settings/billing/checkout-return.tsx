'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'

import { callApi, messageOf } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Notice } from '@/app/_components/notice'
import { Spinner } from '@/app/_components/spinner'
import { billingState } from '@/lib/contract/billing'

/** Whoever comes back from paying may be faster than the notice of it; so the payment service is asked. */
export function CheckoutReturn({ planBefore }: { planBefore: string }) {
  const router = useRouter()
  const [state, setState] = useState<'asking' | 'waiting' | { error: string }>('asking')

  useEffect(() => {
    if (state !== 'asking') return
    let left = false
    callApi('/api/billing/refresh', billingState, { method: 'POST' }).then(
      ({ plan }) => {
        if (left) return
        if (plan === planBefore) setState('waiting')
        else router.replace('/settings/billing')
      },
      (error: unknown) => {
        if (!left) setState({ error: messageOf(error) })
      },
    )
    return () => {
      left = true
    }
  }, [state, planBefore, router])

  const again = (
    <Button look="ghost" size="small" onClick={() => setState('asking')}>
      Look again
    </Button>
  )
  if (state === 'asking') {
    return (
      <Notice tone="note">
        <span role="status" className="flex items-center gap-2">
          <Spinner />
          Asking Stripe about your payment…
        </span>
      </Notice>
    )
  }
  if (state === 'waiting') {
    return (
      <Notice tone="note" action={again}>
        Thank you. Stripe has not confirmed the payment yet; your plan changes by itself as soon as it has.
      </Notice>
    )
  }
  return (
    <Notice tone="error" action={again}>
      {state.error}
    </Notice>
  )
}
