'use client'

import Plus from 'lucide-react/icons/plus'
import Trash2 from 'lucide-react/icons/trash-2'
import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { Field } from '@/app/_components/field'
import { Notice } from '@/app/_components/notice'
import { useToast } from '@/app/_components/toast'
import type { GlossaryDetail } from '@/lib/contract/browser-translation'
import { checkEntries, type GlossaryEntry } from '@/lib/domain/glossary-entries'

import { FilePicker } from '../file-picker'
import { entriesProblem, readEntries } from '../read-entries'
import { merged, EntryTable, type EditedEntry } from './entry-table'
import { ExportMenu } from './export-menu'

let made = 0
const edited = (entry: GlossaryEntry): EditedEntry => ({ ...entry, key: ++made })

/** A glossary as a table; nothing is stored until it is saved. */
export function GlossaryEditor({ glossary, mayWrite }: { glossary: GlossaryDetail; mayWrite: boolean }) {
  const router = useRouter()
  const toast = useToast()
  const [name, setName] = useState(glossary.name)
  const [entries, setEntries] = useState<readonly EditedEntry[]>(() => glossary.entries.map(edited))
  const [problem, setProblem] = useState<string | null>(null)
  const [changed, setChanged] = useState(false)
  const [busy, setBusy] = useState(false)
  const [deleting, setDeleting] = useState(false)

  const change = (next: readonly EditedEntry[]): void => {
    setEntries(next)
    setChanged(true)
    setProblem(null)
  }

  const written = (): GlossaryEntry[] =>
    entries.map(({ source, target }) => ({ source: source.trim(), target: target.trim() })).filter(({ source, target }) => source !== '' || target !== '')

  const save = async (): Promise<void> => {
    try {
      const checked = checkEntries(written())
      setBusy(true)
      await request(`/api/glossaries/${glossary.id}`, { method: 'PUT', body: { name, entries: checked } })
      setEntries(checked.map(edited))
      setChanged(false)
      setProblem(null)
      toast('The glossary is saved. It holds from the next translation on.')
      router.refresh()
    } catch (error) {
      setProblem(error instanceof Error && error.name === 'GlossaryError' ? error.message : messageOf(error))
    } finally {
      setBusy(false)
    }
  }

  const takeFile = async (file: File): Promise<void> => {
    try {
      const found = await readEntries(file, glossary)
      change(merged(entries, found).map((entry) => ('key' in entry ? entry : edited(entry))))
      toast(`${found.length.toLocaleString('en')} terms from ${file.name}. Save to keep them.`)
    } catch (error) {
      setProblem(entriesProblem(error))
    }
  }

  const remove = async (): Promise<boolean> => {
    try {
      await request(`/api/glossaries/${glossary.id}`, { method: 'DELETE' })
    } catch (error) {
      toast(messageOf(error), 'error')
      return false
    }
    toast(`The glossary “${glossary.name}” is deleted.`)
    router.push('/translate/glossaries')
    return true
  }

  return (
    <div className="grid gap-4">
      {mayWrite && (
        <Field
          label="Name"
          value={name}
          maxLength={120}
          onChange={(event) => {
            setName(event.target.value)
            setChanged(true)
          }}
          className="max-w-md"
        />
      )}
      <div className="flex flex-wrap items-center gap-2">
        {mayWrite && (
          <Button look="secondary" onClick={() => change([edited({ source: '', target: '' }), ...entries])}>
            <Plus aria-hidden className="size-4" />
            Add term
          </Button>
        )}
        {mayWrite && <FilePicker label="Import" onFile={(file) => void takeFile(file)} />}
        <ExportMenu name={name} entries={written} />
        {mayWrite && (
          <Button look="ghost" className="ml-auto" onClick={() => setDeleting(true)}>
            <Trash2 aria-hidden className="size-4" />
            Delete
          </Button>
        )}
      </div>
      {problem !== null && <Notice tone="error">{problem}</Notice>}
      <EntryTable entries={entries} source={glossary.source} target={glossary.target} mayWrite={mayWrite} onChange={change} />
      {mayWrite && (
        <div className="sticky bottom-0 -mx-1 flex items-center gap-3 bg-canvas/95 px-1 py-3">
          <Button busy={busy} disabled={!changed} onClick={() => void save()}>
            Save
          </Button>
          <p role="status" className="text-[0.87rem] text-muted">
            {changed ? 'There are changes that are not saved.' : ''}
          </p>
        </div>
      )}
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title={`Delete “${glossary.name}”?`}
        description="Translations no longer use it, and programs that name it are refused. It cannot be undone."
        action="Delete"
        onConfirm={remove}
      />
    </div>
  )
}
