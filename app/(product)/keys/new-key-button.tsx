'use client'

import Plus from 'lucide-react/icons/plus'
import { useRouter } from 'next/navigation'
import { useState, type SubmitEvent } from 'react'

import { callApi, CallError, messageOf } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { CopyButton } from '@/app/_components/copy-button'
import { Dialog } from '@/app/_components/dialog'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { createdApiKey, type ApiKeyScope } from '@/lib/contract/browser'

import { SCOPE_CHOICES } from './scope-names'

export function NewKeyButton() {
  const [open, setOpen] = useState(false)
  const [key, setKey] = useState<string | null>(null)

  const close = (): void => {
    setOpen(false)
    setKey(null)
  }

  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Plus aria-hidden className="size-4" />
        Create key
      </Button>
      {open && (
        <Dialog
          open
          onOpenChange={(wanted) => {
            if (!wanted) close()
          }}
          dismissible={key === null}
          title={key === null ? 'Create an API key' : 'Your new key'}
          description={key === null ? undefined : 'Copy it now: it is stored as a hash only and cannot be shown again.'}
        >
          {key === null ? <NewKeyForm onCreated={setKey} onCancel={close} /> : <NewKey value={key} onClose={close} />}
        </Dialog>
      )}
    </>
  )
}

function NewKeyForm({ onCreated, onCancel }: { onCreated: (key: string) => void; onCancel: () => void }) {
  const router = useRouter()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly ApiKeyScope[]>(SCOPE_CHOICES.map(({ scope }) => scope))
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<{ param: string | null; message: string } | null>(null)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      const { key } = await callApi('/api/keys', createdApiKey, { method: 'POST', body: { name, scopes } })
      router.refresh()
      onCreated(key)
    } catch (error) {
      setFault({ param: error instanceof CallError ? error.param : null, message: messageOf(error) })
      setBusy(false)
    }
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="mt-3 space-y-5">
      {fault !== null && fault.param !== 'name' && <Notice tone="error">{fault.message}</Notice>}
      <Field
        label="Name"
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={80}
        placeholder="Website, staging"
        error={fault?.param === 'name' ? fault.message : undefined}
      />
      <fieldset>
        <legend className="mb-2 text-[0.93rem] font-medium">May be used for</legend>
        <div className="space-y-2.5">
          {SCOPE_CHOICES.map(({ scope, name: label, explanation }) => (
            <label key={scope} className="flex items-start gap-3">
              <input
                type="checkbox"
                checked={scopes.includes(scope)}
                onChange={(event) => setScopes(event.target.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))}
                className="mt-1 size-4 accent-accent"
              />
              <span>
                {label}
                <span className="block text-[0.87rem] text-muted">{explanation}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="flex justify-end gap-2">
        <Button look="secondary" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" busy={busy} disabled={scopes.length === 0}>
          Create key
        </Button>
      </div>
    </form>
  )
}

function NewKey({ value, onClose }: { value: string; onClose: () => void }) {
  return (
    <>
      <div className="flex items-center gap-2 rounded-lg border border-line bg-sunken py-2 pr-2 pl-3.5">
        <code data-new-key className="min-w-0 flex-1 font-mono text-[0.87rem] break-all select-all">
          {value}
        </code>
        <CopyButton text={value} label="Copy key" />
      </div>
      <div className="mt-6 flex justify-end">
        <Button onClick={onClose}>I have copied it</Button>
      </div>
    </>
  )
}
