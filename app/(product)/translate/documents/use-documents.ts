import { useCallback, useEffect, useState } from 'react'

import { callApi, request } from '@/app/_browser/call-api'
import { documentItem, documentItems, type DocumentItem } from '@/lib/contract/browser-translation'

/** How often those are looked at that are not done. */
const LOOK_MS = 1200

export interface Upload {
  source: string | null
  target: string
  glossary: string | null
}

interface Documents {
  documents: readonly DocumentItem[]
  /** Names of files on their way to the server. */
  sending: readonly string[]
  upload: (file: File, upload: Upload) => Promise<void>
  remove: (id: string) => Promise<void>
}

/** The person's documents, kept up to date while any of them is worked on. What fails throws a CallError. */
export function useDocuments(initial: readonly DocumentItem[]): Documents {
  const [documents, setDocuments] = useState(initial)
  const [sending, setSending] = useState<readonly string[]>([])
  const working = documents.some(({ status }) => status === 'queued' || status === 'translating')

  useEffect(() => {
    if (!working) return
    const leave = new AbortController()
    const look = async (): Promise<void> => {
      // A look that fails is made up for by the next one.
      const found = await callApi('/api/documents', documentItems, { signal: leave.signal }).catch(() => null)
      if (found !== null && !leave.signal.aborted) setDocuments(found.documents)
    }
    const timer = setInterval(() => void look(), LOOK_MS)
    return () => {
      leave.abort()
      clearInterval(timer)
    }
  }, [working])

  const upload = useCallback(async (file: File, { source, target, glossary }: Upload) => {
    const form = new FormData()
    form.append('file', file)
    form.append('source', source ?? '')
    form.append('target', target)
    form.append('glossary', glossary ?? '')
    setSending((names) => [...names, file.name])
    try {
      const made = await callApi('/api/documents', documentItem, { method: 'POST', body: form })
      setDocuments((shown) => [made, ...shown.filter(({ id }) => id !== made.id)])
    } finally {
      setSending((names) => names.filter((_, index) => index !== names.indexOf(file.name)))
    }
  }, [])

  const remove = useCallback(async (id: string) => {
    await request(`/api/documents/${id}`, { method: 'DELETE' })
    setDocuments((shown) => shown.filter((document) => document.id !== id))
  }, [])

  return { documents, sending, upload, remove }
}

