'use client'

import Ellipsis from 'lucide-react/icons/ellipsis'
import KeyRound from 'lucide-react/icons/key-round'
import Pencil from 'lucide-react/icons/pencil'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import Trash2 from 'lucide-react/icons/trash-2'
import { useRouter } from 'next/navigation'
import { useState, type ReactNode } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { classNames } from '@/app/_components/class-names'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { EmptyState } from '@/app/_components/empty-state'
import { IconButton } from '@/app/_components/icon-button'
import { Menu, MenuItem } from '@/app/_components/menu'
import { Time } from '@/app/_components/time'
import { useToast } from '@/app/_components/toast'

import { EditKeyDialog } from './edit-key-dialog'
import type { ListedKey } from './listed-key'
import { RotateKeyDialog } from './rotate-key-dialog'
import { scopeName } from './scope-names'

type Dialogue = { kind: 'edit' | 'rotate' | 'revoke'; key: ListedKey } | null

interface KeyListProps {
  keys: readonly ListedKey[]
  mayWrite: boolean
  planRequests: number
}

export function KeyList({ keys, mayWrite, planRequests }: KeyListProps) {
  const router = useRouter()
  const toast = useToast()
  const [dialogue, setDialogue] = useState<Dialogue>(null)
  const close = (): void => setDialogue(null)

  const revoke = async ({ id, name }: ListedKey): Promise<boolean> => {
    try {
      await request(`/api/keys/${id}`, { method: 'DELETE' })
    } catch (error) {
      toast(messageOf(error), 'error')
      return false
    }
    toast(`The key “${name}” is revoked.`)
    router.refresh()
    return true
  }

  if (keys.length === 0) {
    return (
      <div className="mb-6 rounded-xl border border-dashed border-line">
        <EmptyState icon={<KeyRound />} title="No keys yet">
          {mayWrite ? 'Create one, and a program can chat and translate.' : 'An owner or an admin of your organisation can create one.'}
        </EmptyState>
      </div>
    )
  }

  return (
    <>
      <ul aria-label="Keys" className="mb-6 divide-y divide-line rounded-xl border border-line bg-surface">
        {keys.map((key) => (
          <li key={key.id} className="flex items-center gap-4 py-3.5 pr-3 pl-5">
            <KeyDescription listed={key} />
            {mayWrite && key.state !== 'revoked' && (
              <Menu trigger={<IconButton label={`Options of ${key.name}${key.replaced ? ', replaced' : ''}`} icon={<Ellipsis aria-hidden />} />}>
                <MenuItem icon={<Pencil aria-hidden />} onSelect={() => setDialogue({ kind: 'edit', key })}>
                  Edit
                </MenuItem>
                {key.state === 'live' && !key.replaced && (
                  <MenuItem icon={<RefreshCw aria-hidden />} onSelect={() => setDialogue({ kind: 'rotate', key })}>
                    Rotate
                  </MenuItem>
                )}
                <MenuItem icon={<Trash2 aria-hidden />} tone="danger" onSelect={() => setDialogue({ kind: 'revoke', key })}>
                  Revoke
                </MenuItem>
              </Menu>
            )}
          </li>
        ))}
      </ul>
      {dialogue?.kind === 'edit' && <EditKeyDialog listed={dialogue.key} planRequests={planRequests} onClose={close} />}
      {dialogue?.kind === 'rotate' && <RotateKeyDialog listed={dialogue.key} onClose={close} />}
      {dialogue?.kind === 'revoke' && (
        <ConfirmDialog
          open
          onOpenChange={(open) => {
            if (!open) close()
          }}
          title={`Revoke “${dialogue.key.name}”?`}
          description="Programs that use it are refused from then on, and answers under way end. It cannot be undone."
          action="Revoke"
          onConfirm={() => revoke(dialogue.key)}
        />
      )}
    </>
  )
}

function KeyDescription({ listed }: { listed: ListedKey }) {
  const { name, prefix, scopes, state, replaced, createdAt, lastUsedAt, expiresAt, requestsPerMinute, tokenQuota, tokensUsed } = listed
  return (
    <div className="min-w-0 flex-1">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className={classNames('min-w-0 truncate font-medium', state !== 'live' && 'text-muted line-through')}>{name}</span>
        <code className="font-mono text-[0.83rem] text-muted">{prefix}…</code>
        {state === 'revoked' && <Badge tone="danger">Revoked</Badge>}
        {state === 'expired' && <Badge tone="danger">Expired</Badge>}
        {state === 'live' && replaced && <Badge tone="plain">Replaced</Badge>}
      </div>
      <p className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-[0.87rem] text-muted">
        <span>{scopes.map(scopeName).join(', ')}</span>
        <span>
          Created <Time at={createdAt} />
        </span>
        <span>{lastUsedAt === null ? 'Never used' : <>Last used <Time at={lastUsedAt} style="date-time" /></>}</span>
        {state === 'live' && expiresAt !== null && (
          <span>
            Ends <Time at={expiresAt} style="date-time" />
          </span>
        )}
        {requestsPerMinute !== null && <span>{requestsPerMinute.toLocaleString('en')} requests a minute</span>}
        {tokenQuota !== null && (
          <span>
            {tokensUsed.toLocaleString('en')} of {tokenQuota.toLocaleString('en')} tokens this month
          </span>
        )}
      </p>
    </div>
  )
}

function Badge({ tone, children }: { tone: 'danger' | 'plain'; children: ReactNode }) {
  return (
    <span className={classNames('rounded-full px-2 py-0.5 text-[0.75rem] font-medium', tone === 'danger' ? 'bg-danger-soft text-danger' : 'bg-sunken text-muted')}>
      {children}
    </span>
  )
}
