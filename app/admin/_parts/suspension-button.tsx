'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { useToast } from '@/app/_components/toast'

import { ReasonDialog } from './reason-dialog'

interface SuspensionButtonProps {
  orgId: string
  name: string
  suspended: boolean
  size?: 'small' | 'medium'
}

/** Suspends a tenant, or lets it go on, for a reason. */
export function SuspensionButton({ orgId, name, suspended, size = 'medium' }: SuspensionButtonProps) {
  const router = useRouter()
  const toast = useToast()
  const [asking, setAsking] = useState(false)
  const action = suspended ? 'Resume' : 'Suspend'
  return (
    <>
      <Button look={suspended ? 'primary' : 'danger'} size={size} onClick={() => setAsking(true)}>
        {action}
      </Button>
      {asking && (
        <ReasonDialog
          title={`${action} ${name}?`}
          description={
            suspended
              ? 'Its people and its keys are let in again at once.'
              : 'Its people and its keys are refused at once, and what runs for it is ended. Nothing is deleted.'
          }
          action={action}
          danger={!suspended}
          onClose={() => setAsking(false)}
          onConfirm={async (reason) => {
            await request(`/api/admin/tenants/${orgId}/suspension`, { method: 'PUT', body: { suspended: !suspended, reason } })
            setAsking(false)
            toast(suspended ? `${name} goes on.` : `${name} is suspended.`)
            router.refresh()
          }}
        />
      )}
    </>
  )
}
