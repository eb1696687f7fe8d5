import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { useToast } from '@/app/_components/toast'
import type { UpdatePrivacy } from '@/lib/contract/privacy'

interface PrivacyChange {
  busy: boolean
  /** Why the last change failed. */
  error: string | null
  /** Sends the change and says `done` when it was taken; resolves whether it was. */
  send: (change: UpdatePrivacy, done: string) => Promise<boolean>
}

export function usePrivacyChange(): PrivacyChange {
  const router = useRouter()
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)

  const send = async (change: UpdatePrivacy, done: string): Promise<boolean> => {
    setBusy(true)
    setError(null)
    try {
      await request('/api/privacy', { method: 'PATCH', body: change })
      toast(done)
      router.refresh()
      return true
    } catch (thrown) {
      setError(messageOf(thrown))
      return false
    } finally {
      setBusy(false)
    }
  }

  return { busy, error, send }
}
