'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { request } from '@/app/_browser/call-api'
import { leaveForProvider } from '@/app/_browser/provider-sign-in'
import { Button } from '@/app/_components/button'
import { Dialog } from '@/app/_components/dialog'
import { Time } from '@/app/_components/time'
import { useToast } from '@/app/_components/toast'

import { ConfirmForm } from './confirm-form'
import type { Factors } from './confirmation-fields'

interface Linked {
  provider: string
  subject: string
  /** The provider's name. */
  name: string
  email: string | null
  lastUsed: string | null
}

interface LinkedAccountsProps {
  factors: Factors
  linked: readonly Linked[]
  /** What could be linked. */
  offered: readonly { id: string; name: string }[]
}

type Asked = { kind: 'link'; id: string; name: string } | ({ kind: 'unlink' } & Linked)

export function LinkedAccounts({ factors, linked, offered }: LinkedAccountsProps) {
  const router = useRouter()
  const toast = useToast()
  const [asked, setAsked] = useState<Asked | null>(null)

  const confirm = async (confirmation: object): Promise<void> => {
    if (asked?.kind === 'link') {
      await request('/api/account/links', { method: 'POST', body: confirmation })
      await leaveForProvider(asked.id, '/settings/security')
    } else if (asked !== null) {
      const { provider, subject, name } = asked
      await request('/api/account/links', { method: 'DELETE', body: { ...confirmation, provider, subject } })
      toast(`${name} is not linked any more.`)
      setAsked(null)
      router.refresh()
    }
  }

  return (
    <>
      {linked.length > 0 && (
        <ul aria-label="Linked accounts" className="mb-4 divide-y divide-line rounded-lg border border-line">
          {linked.map((account) => (
            <li key={`${account.provider} ${account.subject}`} className="flex min-h-14 items-center justify-between gap-4 px-4 py-2.5">
              <span className="min-w-0">
                <span className="block font-medium">{account.name}</span>
                <span className="block truncate text-[0.87rem] text-muted">
                  {account.email ?? 'No address'}
                  {account.lastUsed !== null && (
                    <>
                      {' '}
                      · last used <Time at={account.lastUsed} />
                    </>
                  )}
                </span>
              </span>
              <Button look="secondary" size="small" onClick={() => setAsked({ kind: 'unlink', ...account })}>
                Unlink
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-2">
        {offered.map(({ id, name }) => (
          <Button key={id} look="secondary" onClick={() => setAsked({ kind: 'link', id, name })}>
            Link {name}
          </Button>
        ))}
      </div>
      <Dialog
        open={asked !== null}
        onOpenChange={() => setAsked(null)}
        title={asked?.kind === 'unlink' ? `Unlink ${asked.name}` : `Link ${asked?.name ?? ''}`}
        description={asked?.kind === 'unlink' ? 'You cannot sign in with it any more.' : 'You sign in there next, and can then sign in here with it.'}
      >
        <ConfirmForm factors={factors} action={asked?.kind === 'unlink' ? 'Unlink' : 'Continue'} look={asked?.kind === 'unlink' ? 'danger' : 'primary'} onConfirm={confirm} />
      </Dialog>
    </>
  )
}
