'use client'

import { useState, type SubmitEvent } from 'react'

import { CallError, messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Dialog } from '@/app/_components/dialog'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'

interface EraseButtonProps {
  orgName: string
  /** What the owner confirms with. */
  hasPassword: boolean
  hasSecondFactor: boolean
}

/** Erases the organisation after its name was typed and the owner has confirmed. */
export function EraseButton({ orgName, hasPassword, hasSecondFactor }: EraseButtonProps) {
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<{ param: string | null; message: string } | null>(null)
  const faultOf = (param: string): string | undefined => (fault?.param === param ? fault.message : undefined)
  const missing = name.trim() !== orgName || (hasPassword && password === '') || (hasSecondFactor && code === '')

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      await request('/api/organization/erase', { method: 'POST', body: { name, ...(hasPassword ? { password } : {}), ...(hasSecondFactor ? { code } : {}) } })
      // The session is gone with the organisation.
      window.location.assign('/sign-in')
    } catch (thrown) {
      setFault({ param: thrown instanceof CallError ? thrown.param : null, message: messageOf(thrown) })
      setBusy(false)
    }
  }

  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        Erase…
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={`Erase ${orgName}?`} description="Everything of it goes at once, for all members, and cannot be had back. Download your data first if you may want it.">
        <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
          {fault !== null && !['name', 'password', 'code'].includes(fault.param ?? '') && <Notice tone="error">{fault.message}</Notice>}
          <Field
            label={`Type the name of the organisation: ${orgName}`}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={faultOf('name')}
          />
          {hasPassword && (
            <Field label="Your password" type="password" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} error={faultOf('password')} />
          )}
          {hasSecondFactor && (
            <Field
              label="Code of your authenticator"
              inputMode="numeric"
              autoComplete="one-time-code"
              value={code}
              onChange={(event) => setCode(event.target.value)}
              error={faultOf('code')}
              hint="Or one of your recovery codes."
            />
          )}
          <div className="flex justify-end gap-2">
            <Button look="secondary" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button type="submit" look="danger" busy={busy} disabled={missing}>
              Erase everything
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  )
}
