'use client'

import { useRouter } from 'next/navigation'
import { useState, type SubmitEvent } from 'react'
import { z } from 'zod'

import { CallError, messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { Select } from '@/app/_components/select'
import { useToast } from '@/app/_components/toast'
import { identityProviderBody, type IdentityProviderBody } from '@/lib/contract/sign-in'

const TEXTS = ['name', 'issuer', 'clientId', 'clientSecret'] as const
type Faults = Partial<Record<(typeof TEXTS)[number] | 'required', string>>

const ROLES = [
  { value: 'none', label: 'Nobody', hint: 'Members are invited first' },
  { value: 'member', label: 'As members' },
  { value: 'billing', label: 'As billing' },
  { value: 'admin', label: 'As admins' },
]

const roleChoice = z.enum(['none', 'member', 'billing', 'admin'])

/** Saving asks the issuer for its configuration, so that a wrong address is told at once. */
export function IssuerForm({ current }: { current: Omit<IdentityProviderBody, 'clientSecret'> | null }) {
  const router = useRouter()
  const toast = useToast()
  const [role, setRole] = useState<z.infer<typeof roleChoice>>(current?.autoJoinRole ?? 'none')
  const [required, setRequired] = useState(current?.required ?? false)
  const [busy, setBusy] = useState(false)
  const [faults, setFaults] = useState<Faults>({})
  const [error, setError] = useState<string | null>(null)

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = event.currentTarget
    const parsed = identityProviderBody.safeParse({ ...Object.fromEntries(new FormData(form)), required, autoJoinRole: role === 'none' ? null : role })
    setError(null)
    if (!parsed.success) {
      const { fieldErrors } = z.flattenError(parsed.error)
      setFaults(Object.fromEntries(TEXTS.flatMap((field) => (fieldErrors[field]?.[0] === undefined ? [] : [[field, fieldErrors[field][0]]]))))
      return
    }
    setFaults({})
    setBusy(true)
    try {
      await request('/api/organization/sso', { method: 'PUT', body: parsed.data })
      // Nothing of it stays in the page.
      const secret = form.elements.namedItem('clientSecret')
      if (secret instanceof HTMLInputElement) secret.value = ''
      toast('Saved. The issuer answers.')
      router.refresh()
    } catch (thrown) {
      const field = thrown instanceof CallError ? [...TEXTS, 'required' as const].find((name) => name === thrown.param) : undefined
      if (field === undefined) setError(messageOf(thrown))
      else setFaults({ [field]: messageOf(thrown) })
    }
    setBusy(false)
  }

  return (
    <form method="post" noValidate onSubmit={(event) => void submit(event)} className="max-w-xl space-y-5">
      {error !== null && <Notice tone="error">{error}</Notice>}
      <Field label="Name" name="name" defaultValue={current?.name ?? ''} required error={faults.name} hint="Stands on the button: “Continue with …”." />
      <Field label="Issuer" name="issuer" type="url" defaultValue={current?.issuer ?? ''} placeholder="https://login.example.com" required error={faults.issuer} />
      <Field label="Client id" name="clientId" defaultValue={current?.clientId ?? ''} autoComplete="off" required error={faults.clientId} />
      <Field
        label="Client secret"
        name="clientSecret"
        type="password"
        autoComplete="off"
        required={current === null}
        error={faults.clientSecret}
        hint={current === null ? 'Kept encrypted.' : 'Kept encrypted. Leave it empty to keep the one that is there.'}
      />
      <div>
        <p className="mb-1.5 text-[0.93rem] font-medium">Who comes in without an invitation</p>
        <Select label="Who comes in without an invitation" value={role} options={ROLES} onChange={(value) => setRole(roleChoice.parse(value))} className="w-full max-w-60" />
        <p className="mt-1.5 text-[0.87rem] text-muted">People with a verified address of a proved domain below.</p>
      </div>
      <div>
        <label className="flex items-start gap-3 text-[0.93rem] font-medium">
          <input type="checkbox" aria-describedby="required-hint" checked={required} onChange={(event) => setRequired(event.target.checked)} className="mt-1 size-4 accent-accent" />
          Members sign in by it alone
        </label>
        <p id="required-hint" className="mt-0.5 ml-7 text-[0.87rem] text-muted">
          Sessions by password end at once. Owners may always use their password, so that a broken issuer locks nobody out for good.
        </p>
        {faults.required !== undefined && <p className="mt-1.5 text-[0.87rem] text-danger">{faults.required}</p>}
      </div>
      <Button type="submit" busy={busy}>
        {busy ? 'Asking the issuer' : 'Save'}
      </Button>
    </form>
  )
}
