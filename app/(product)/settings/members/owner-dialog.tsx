'use client'

import { useRouter } from 'next/navigation'
import { useState, type SubmitEvent } from 'react'

import { CallError, messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Dialog } from '@/app/_components/dialog'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { useToast } from '@/app/_components/toast'

import type { ListedMember } from './listed-member'

interface OwnerDialogProps {
  member: ListedMember
  orgName: string
  /** What the owner who looks confirms with. */
  confirmation: { hasPassword: boolean; hasSecondFactor: boolean }
  onClose: () => void
}

/** Hands an organisation over, or shares it, after a confirmation by password or code. */
export function OwnerDialog({ member, orgName, confirmation: { hasPassword, hasSecondFactor }, onClose }: OwnerDialogProps) {
  const router = useRouter()
  const toast = useToast()
  const [stayOwner, setStayOwner] = useState(false)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<{ param: string | null; message: string } | null>(null)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      await request('/api/organization/owner', { method: 'POST', body: { userId: member.userId, stayOwner, ...(hasPassword ? { password } : {}), ...(hasSecondFactor ? { code } : {}) } })
      toast(stayOwner ? `${member.name} is an owner too.` : `${member.name} owns ${orgName} now, and you are an admin.`)
      router.refresh()
      onClose()
    } catch (thrown) {
      setFault({ param: thrown instanceof CallError ? thrown.param : null, message: messageOf(thrown) })
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={`Make ${member.name} an owner of ${orgName}?`}
      description="An owner may do everything, also rename the organisation, pay for it and remove other owners."
    >
      <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
        {fault !== null && fault.param !== 'password' && fault.param !== 'code' && <Notice tone="error">{fault.message}</Notice>}
        <fieldset>
          <legend className="mb-2 text-[0.93rem] font-medium">And you</legend>
          <div className="space-y-2.5">
            {[
              { stay: false, label: 'become an admin', hint: 'The organisation is handed over.' },
              { stay: true, label: 'stay an owner', hint: 'There are two owners then.' },
            ].map(({ stay, label, hint }) => (
              <label key={label} className="flex items-start gap-3">
                <input type="radio" name="stay" checked={stayOwner === stay} onChange={() => setStayOwner(stay)} className="mt-1 size-4 accent-accent" />
                <span>
                  {label}
                  <span className="block text-[0.87rem] text-muted">{hint}</span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
        {hasPassword && (
          <Field
            label="Your password"
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            error={fault?.param === 'password' ? fault.message : undefined}
          />
        )}
        {hasSecondFactor && (
          <Field
            label="Code of your authenticator"
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            onChange={(event) => setCode(event.target.value)}
            error={fault?.param === 'code' ? fault.message : undefined}
            hint="Or one of your recovery codes."
          />
        )}
        <div className="flex justify-end gap-2">
          <Button look="secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" look="danger" busy={busy} disabled={(hasPassword && password === '') || (hasSecondFactor && code === '')}>
            Make an owner
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
