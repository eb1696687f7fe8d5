'use client'

import Ellipsis from 'lucide-react/icons/ellipsis'
import KeyRound from 'lucide-react/icons/key-round'
import Pencil from 'lucide-react/icons/pencil'
import Trash2 from 'lucide-react/icons/trash-2'
import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { classNames } from '@/app/_components/class-names'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { EmptyState } from '@/app/_components/empty-state'
import { IconButton } from '@/app/_components/icon-button'
import { Menu, MenuItem } from '@/app/_components/menu'
import { RenameDialog } from '@/app/_components/rename-dialog'
import { Time } from '@/app/_components/time'
import { useToast } from '@/app/_components/toast'

import { scopeName } from './scope-names'

interface ListedKey {
  id: string
  name: string
  prefix: string
  scopes: readonly string[]
  createdAt: string
  lastUsedAt: string | null
  revoked: boolean
}

type Dialogue = { kind: 'rename' | 'revoke'; key: ListedKey } | null

export function KeyList({ keys, mayWrite }: { keys: readonly ListedKey[]; mayWrite: boolean }) {
  const router = useRouter()
  const toast = useToast()
  const [dialogue, setDialogue] = useState<Dialogue>(null)

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
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className={classNames('min-w-0 truncate font-medium', key.revoked && 'text-muted line-through')}>{key.name}</span>
                <code className="font-mono text-[0.83rem] text-muted">{key.prefix}…</code>
                {key.revoked && <span className="rounded-full bg-danger-soft px-2 py-0.5 text-[0.75rem] font-medium text-danger">Revoked</span>}
              </div>
              <p className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-[0.87rem] text-muted">
                <span>{key.scopes.map(scopeName).join(', ')}</span>
                <span>
                  Created <Time at={key.createdAt} />
                </span>
                <span>{key.lastUsedAt === null ? 'Never used' : <>Last used <Time at={key.lastUsedAt} style="date-time" /></>}</span>
              </p>
            </div>
            {mayWrite && !key.revoked && (
              <Menu trigger={<IconButton label={`Options of ${key.name}`} icon={<Ellipsis aria-hidden />} />}>
                <MenuItem icon={<Pencil aria-hidden />} onSelect={() => setDialogue({ kind: 'rename', key })}>
                  Rename
                </MenuItem>
                <MenuItem icon={<Trash2 aria-hidden />} tone="danger" onSelect={() => setDialogue({ kind: 'revoke', key })}>
                  Revoke
                </MenuItem>
              </Menu>
            )}
          </li>
        ))}
      </ul>
      {dialogue?.kind === 'rename' && (
        <RenameDialog
          title="Rename the key"
          label="Name"
          current={dialogue.key.name}
          onClose={() => setDialogue(null)}
          onRename={async (name) => {
            await request(`/api/keys/${dialogue.key.id}`, { method: 'PATCH', body: { name } })
            router.refresh()
          }}
        />
      )}
      {dialogue?.kind === 'revoke' && (
        <ConfirmDialog
          open
          onOpenChange={(open) => {
            if (!open) setDialogue(null)
          }}
          title={`Revoke “${dialogue.key.name}”?`}
          description="Programs that use it are refused from then on. It cannot be undone."
          action="Revoke"
          onConfirm={() => revoke(dialogue.key)}
        />
      )}
    </>
  )
}
