'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { Time } from '@/app/_components/time'
import { useToast } from '@/app/_components/toast'

import { Badge } from '../../_parts/badges'

interface TenantKey {
  id: string
  name: string
  prefix: string
  scopes: readonly string[]
  createdAt: string
  expiresAt: string | null
  lastUsedAt: string | null
  state: 'valid' | 'revoked' | 'expired'
}

export function TenantKeyList({ orgId, keys }: { orgId: string; keys: readonly TenantKey[] }) {
  const router = useRouter()
  const toast = useToast()
  const [chosen, setChosen] = useState<TenantKey | null>(null)

  const revoke = async ({ id, name }: TenantKey): Promise<boolean> => {
    try {
      await request(`/api/admin/tenants/${orgId}/keys/${id}`, { method: 'DELETE' })
      toast(`“${name}” is revoked.`)
      router.refresh()
      return true
    } catch (error) {
      toast(messageOf(error), 'error')
      return false
    }
  }

  if (keys.length === 0) return <p className="text-muted">This tenant has no keys.</p>
  return (
    <>
      <ul className="divide-y divide-line">
        {keys.map((key) => (
          <li key={key.id} className="flex flex-wrap items-center justify-between gap-3 py-2.5">
            <div className="min-w-0">
              <p className="flex flex-wrap items-center gap-2">
                <span className="font-medium break-words">{key.name}</span>
                <code className="font-mono text-[0.83rem] text-muted">{key.prefix}…</code>
                {key.state !== 'valid' && <Badge tone="danger">{key.state}</Badge>}
              </p>
              <p className="text-[0.87rem] text-muted">
                {key.scopes.join(', ')} · created <Time at={key.createdAt} /> ·{' '}
                {key.lastUsedAt === null ? 'never used' : <>last used <Time at={key.lastUsedAt} style="date-time" /></>}
                {key.expiresAt !== null && <> · expires <Time at={key.expiresAt} /></>}
              </p>
            </div>
            {key.state !== 'revoked' && (
              <Button look="secondary" size="small" onClick={() => setChosen(key)} aria-label={`Revoke ${key.name}`}>
                Revoke
              </Button>
            )}
          </li>
        ))}
      </ul>
      {chosen !== null && (
        <ConfirmDialog
          open
          onOpenChange={(open) => {
            if (!open) setChosen(null)
          }}
          title={`Revoke “${chosen.name}”?`}
          description="The tenant’s programs that use it are refused at once. It cannot be undone."
          action="Revoke"
          onConfirm={() => revoke(chosen)}
        />
      )}
    </>
  )
}
