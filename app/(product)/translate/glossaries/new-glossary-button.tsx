'use client'

import Plus from 'lucide-react/icons/plus'
import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { callApi, messageOf } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Dialog } from '@/app/_components/dialog'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { Select } from '@/app/_components/select'
import { glossaryItem } from '@/lib/contract/browser-translation'
import type { GlossaryEntry } from '@/lib/domain/glossary-entries'

import { languageName, reachableTarget, sourcesOf, targetsOf, type Directions } from '../directions'
import { FilePicker } from './file-picker'
import { entriesProblem, readEntries } from './read-entries'

/** Makes a glossary from a first term or from a file, and opens it. */
export function NewGlossaryButton({ directions }: { directions: Directions }) {
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [source, setSource] = useState(() => sourcesOf(directions)[0] ?? '')
  const [target, setTarget] = useState(() => reachableTarget(directions, sourcesOf(directions)[0] ?? '', 'fr'))
  const [first, setFirst] = useState<GlossaryEntry>({ source: '', target: '' })
  const [imported, setImported] = useState<{ name: string; entries: GlossaryEntry[] } | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  const takeFile = async (file: File): Promise<void> => {
    setProblem(null)
    try {
      setImported({ name: file.name, entries: await readEntries(file, { source, target }) })
      if (name === '') setName(file.name.replace(/\.[^.]+$/u, ''))
    } catch (error) {
      setProblem(entriesProblem(error))
    }
  }

  const create = async (): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      const { id } = await callApi('/api/glossaries', glossaryItem, { method: 'POST', body: { name, source, target, entries: imported?.entries ?? [first] } })
      router.push(`/translate/glossaries/${id}`)
    } catch (error) {
      setProblem(messageOf(error))
      setBusy(false)
    }
  }

  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Plus aria-hidden className="size-4" />
        New glossary
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title="New glossary" description="Start with one term, or with a file of them.">
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            void create()
          }}
        >
          <Field label="Name" value={name} onChange={(event) => setName(event.target.value)} maxLength={120} required />
          <div className="flex items-center gap-2">
            <Select
              label="From"
              value={source}
              options={sourcesOf(directions).map((code) => ({ value: code, label: languageName(code) }))}
              onChange={(value) => {
                setSource(value)
                setTarget(reachableTarget(directions, value, target))
              }}
              className="flex-1"
            />
            <span aria-hidden className="text-muted">
              to
            </span>
            <Select
              label="To"
              value={target}
              options={targetsOf(directions, source).map((code) => ({ value: code, label: languageName(code) }))}
              onChange={setTarget}
              className="flex-1"
            />
          </div>
          {imported === null ? (
            <div className="grid grid-cols-2 gap-2">
              <Field label={`Term in ${languageName(source)}`} value={first.source} onChange={(event) => setFirst({ ...first, source: event.target.value })} required />
              <Field label={`In ${languageName(target)}`} value={first.target} onChange={(event) => setFirst({ ...first, target: event.target.value })} required />
            </div>
          ) : (
            <Notice tone="note">
              {imported.entries.length === 1 ? '1 term' : `${imported.entries.length.toLocaleString('en')} terms`} from {imported.name}
            </Notice>
          )}
          {problem !== null && <Notice tone="error">{problem}</Notice>}
          <div className="flex flex-wrap justify-between gap-2">
            <FilePicker label={imported === null ? 'Import TSV or CSV' : 'Another file'} onFile={(file) => void takeFile(file)} />
            <Button type="submit" busy={busy}>
              Create
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  )
}
