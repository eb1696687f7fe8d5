'use client'

import VenetianMask from 'lucide-react/icons/venetian-mask'
import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { useToast } from '@/app/_components/toast'

interface ImpersonationBannerProps {
  person: { name: string; email: string; orgName: string }
  /** Where the operator came from, and goes back to. */
  orgId: string
}

/** Says on every page that an operator acts in somebody's place, and leads back. */
export function ImpersonationBanner({ person, orgId }: ImpersonationBannerProps) {
  const toast = useToast()
  const [busy, setBusy] = useState(false)

  const goBack = async (): Promise<void> => {
    setBusy(true)
    try {
      await request('/api/impersonation', { method: 'DELETE' })
      // A whole new page: nothing of the person's may stay in memory.
      window.location.assign(`/admin/tenants/${orgId}`)
    } catch (error) {
      toast(messageOf(error), 'error')
      setBusy(false)
    }
  }

  return (
    <aside aria-label="Impersonation" className="flex shrink-0 flex-wrap items-center justify-center gap-x-4 gap-y-1 bg-warning px-4 py-1.5 text-[0.93rem] text-canvas">
      <p className="flex min-w-0 items-center gap-2">
        <VenetianMask aria-hidden className="size-4.5 shrink-0" />
        <span className="min-w-0 break-words">
          You act in the place of <strong>{person.name}</strong> ({person.email}) of {person.orgName}. It is recorded.
        </span>
      </p>
      <button type="button" disabled={busy} onClick={() => void goBack()} className="rounded-md border border-current px-2.5 py-0.5 font-medium hover:bg-canvas hover:text-warning disabled:opacity-60">
        Return
      </button>
    </aside>
  )
}
