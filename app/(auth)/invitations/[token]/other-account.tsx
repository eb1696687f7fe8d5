'use client'

import { signOut } from 'next-auth/react'
import { useState } from 'react'

import { Button } from '@/app/_components/button'
import { Notice } from '@/app/_components/notice'

/** For somebody who is signed in as somebody else. */
export function OtherAccount({ email, signedInAs }: { email: string; signedInAs: string }) {
  const [busy, setBusy] = useState(false)

  const leave = async (): Promise<void> => {
    setBusy(true)
    await signOut({ redirect: false })
    window.location.reload()
  }

  return (
    <div className="space-y-5">
      <Notice tone="warning">
        This invitation is for {email}, and you are signed in as {signedInAs}.
      </Notice>
      <p className="text-muted">Sign out to accept it with the other address, or ask for an invitation of this one.</p>
      <Button look="secondary" busy={busy} onClick={() => void leave()} className="w-full">
        Sign out
      </Button>
    </div>
  )
}
