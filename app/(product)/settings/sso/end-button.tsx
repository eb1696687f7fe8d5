'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { useToast } from '@/app/_components/toast'

export function EndButton() {
  const router = useRouter()
  const toast = useToast()
  const [open, setOpen] = useState(false)

  const end = async (): Promise<boolean> => {
    try {
      await request('/api/organization/sso', { method: 'DELETE' })
      router.refresh()
      return true
    } catch (error) {
      toast(messageOf(error), 'error')
      return false
    }
  }

  return (
    <>
      <Button look="secondary" size="small" onClick={() => setOpen(true)}>
        Remove
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title="Remove the single sign-on?"
        description="Everybody who came in through it is signed out, and accounts are linked to it no more. Members who have no password can set one by “Forgot your password?”."
        action="Remove"
        onConfirm={end}
      />
    </>
  )
}
