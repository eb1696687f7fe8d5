'use client'

import { useState } from 'react'

import { messageOf } from '@/app/_browser/call-api'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { Notice } from '@/app/_components/notice'
import { Select } from '@/app/_components/select'
import { useToast } from '@/app/_components/toast'
import type { DocumentItem, GlossaryItem } from '@/lib/contract/browser-translation'

import { DETECT, isDeclared, languageName, reachableTarget, sourcesOf, targetsOf, type Directions } from '../directions'
import { GlossarySelect } from '../glossary-select'
import { DocumentList } from './document-list'
import { DropZone } from './drop-zone'
import { useDocuments } from './use-documents'

interface DocumentDeskProps {
  initial: readonly DocumentItem[]
  directions: Directions
  glossaries: readonly GlossaryItem[]
  /** Of the files that can be translated, without the dot. */
  extensions: readonly string[]
  mostBytes: number
}

export function DocumentDesk({ initial, directions, glossaries, extensions, mostBytes }: DocumentDeskProps) {
  const toast = useToast()
  const { documents, sending, upload, remove } = useDocuments(initial)
  const [source, setSource] = useState(DETECT)
  const [target, setTarget] = useState(() => reachableTarget(directions, DETECT, 'fr'))
  const [glossaryId, setGlossary] = useState<string | null>(null)
  const [refused, setRefused] = useState<readonly string[]>([])
  const [deleting, setDeleting] = useState<DocumentItem | null>(null)
  const offered = glossaries.filter((one) => isDeclared(directions, one.source, one.target))
  const glossary = offered.find((one) => one.id === glossaryId && one.source === source && one.target === target)?.id ?? null
  const megabytes = `${Math.floor(mostBytes / 1024 / 1024)} MB`

  const send = (files: readonly File[]): void => {
    setRefused([])
    for (const file of files) {
      const refuse = (why: string): void => setRefused((shown) => [...shown, `${file.name}: ${why}`])
      if (file.size > mostBytes) refuse(`it is larger than ${megabytes}, the limit of your plan.`)
      else upload(file, { source: source === DETECT ? null : source, target, glossary }).catch((error: unknown) => refuse(messageOf(error)))
    }
  }

  const discard = async (document: DocumentItem): Promise<boolean> => {
    try {
      await remove(document.id)
      return true
    } catch (error) {
      toast(messageOf(error), 'error')
      return false
    }
  }

  return (
    <div className="grid gap-6">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Select
          label="From"
          look="field"
          value={source}
          options={[{ value: DETECT, label: 'Detect language' }, ...sourcesOf(directions).map((code) => ({ value: code, label: languageName(code) }))]}
          onChange={(value) => {
            setSource(value)
            setTarget(reachableTarget(directions, value, target))
          }}
        />
        <span aria-hidden className="px-1 text-muted">
          to
        </span>
        <Select
          label="To"
          look="field"
          value={target}
          options={targetsOf(directions, source).map((code) => ({ value: code, label: languageName(code) }))}
          onChange={setTarget}
        />
        {offered.length > 0 && (
          <GlossarySelect
            glossaries={offered}
            value={glossary}
            look="field"
            onChange={(chosen) => {
              setGlossary(chosen?.id ?? null)
              if (chosen === null) return
              setSource(chosen.source)
              setTarget(chosen.target)
            }}
          />
        )}
      </div>
      <DropZone
        extensions={extensions}
        onFiles={send}
        hint={`Text, Markdown, HTML, Word (docx), subtitles (srt), gettext (po), XLIFF and JSON, each up to ${megabytes}.`}
      />
      {refused.length > 0 && (
        <Notice tone="error">
          <ul className="space-y-1">
            {refused.map((message) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </Notice>
      )}
      <DocumentList documents={documents} sending={sending} onDelete={setDeleting} />
      {deleting !== null && (
        <ConfirmDialog
          open
          onOpenChange={(open) => {
            if (!open) setDeleting(null)
          }}
          title={isUnderWay(deleting) ? `Stop “${deleting.filename}”?` : `Delete “${deleting.filename}”?`}
          description={
            isUnderWay(deleting)
              ? 'The translation stops, and the file is deleted. What was translated until then counts.'
              : 'The file and its translation are deleted from the server.'
          }
          action={isUnderWay(deleting) ? 'Stop' : 'Delete'}
          onConfirm={() => discard(deleting)}
        />
      )}
    </div>
  )
}

function isUnderWay({ status }: DocumentItem): boolean {
  return status === 'queued' || status === 'translating'
}
