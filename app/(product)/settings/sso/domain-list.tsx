'use client'

import { useRouter } from 'next/navigation'
import { useState, type SubmitEvent } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { CopyButton } from '@/app/_components/copy-button'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { useToast } from '@/app/_components/toast'
import { ssoDomainBody } from '@/lib/contract/sign-in'

interface ListedDomain {
  domain: string
  confirmed: string | null
  proof: { name: string; value: string }
}

export function DomainList({ domains }: { domains: readonly ListedDomain[] }) {
  return (
    <>
      {domains.length > 0 && (
        <ul aria-label="E-mail domains" className="mb-5 divide-y divide-line rounded-lg border border-line">
          {domains.map((domain) => (
            <DomainRow key={domain.domain} {...domain} />
          ))}
        </ul>
      )}
      <AddDomain />
    </>
  )
}

function DomainRow({ domain, confirmed, proof }: ListedDomain) {
  const router = useRouter()
  const toast = useToast()
  const [busy, setBusy] = useState<'check' | 'remove' | null>(null)
  const [error, setError] = useState<string | null>(null)
  const path = `/api/organization/sso/domains/${encodeURIComponent(domain)}`

  const act = async (what: 'check' | 'remove'): Promise<void> => {
    setBusy(what)
    setError(null)
    try {
      await request(path, { method: what === 'check' ? 'POST' : 'DELETE' })
      if (what === 'check') toast(`${domain} is proved.`)
      router.refresh()
    } catch (thrown) {
      setError(messageOf(thrown))
    }
    setBusy(null)
  }

  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <span className="min-w-0 font-medium break-all">
          {domain}
          <span
            className={`ml-2.5 rounded-full px-2.5 py-0.5 text-[0.8rem] font-medium ${confirmed === null ? 'bg-warning-soft text-warning' : 'bg-accent-soft text-accent-ink'}`}
          >
            {confirmed === null ? 'Not proved' : 'Proved'}
          </span>
        </span>
        <span className="flex gap-2">
          {confirmed === null && (
            <Button look="secondary" size="small" busy={busy === 'check'} onClick={() => void act('check')}>
              Check now
            </Button>
          )}
          <Button look="ghost" size="small" busy={busy === 'remove'} onClick={() => void act('remove')}>
            Remove
          </Button>
        </span>
      </div>
      {confirmed === null && (
        <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 text-[0.87rem]">
          <dt className="text-muted">TXT record</dt>
          <dd className="font-mono break-all">{proof.name}</dd>
          <CopyButton text={proof.name} label="Copy the record’s name" />
          <dt className="text-muted">Value</dt>
          <dd className="font-mono break-all">{proof.value}</dd>
          <CopyButton text={proof.value} label="Copy the record’s value" />
        </dl>
      )}
      {error !== null && (
        <div className="mt-3">
          <Notice tone="error">{error}</Notice>
        </div>
      )}
    </li>
  )
}

function AddDomain() {
  const router = useRouter()
  const [domain, setDomain] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | undefined>(undefined)

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const parsed = ssoDomainBody.safeParse({ domain })
    if (!parsed.success) {
      setError(parsed.error.issues[0]?.message)
      return
    }
    setBusy(true)
    setError(undefined)
    try {
      await request('/api/organization/sso/domains', { method: 'POST', body: parsed.data })
      setDomain('')
      router.refresh()
    } catch (thrown) {
      setError(messageOf(thrown))
    }
    setBusy(false)
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-wrap items-start gap-3">
      <Field label="Domain" value={domain} onChange={(event) => setDomain(event.target.value)} placeholder="example.com" autoCapitalize="none" spellCheck={false} error={error} className="w-full max-w-sm" />
      <Button type="submit" look="secondary" busy={busy} className="md:mt-7">
        Add
      </Button>
    </form>
  )
}
