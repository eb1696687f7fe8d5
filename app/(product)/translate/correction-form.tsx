'use client'

import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { classNames } from '@/app/_components/class-names'
import { INPUT_CLASSES } from '@/app/_components/field'
import { useToast } from '@/app/_components/toast'

import type { TranslationJob } from './use-translation'

interface CorrectionFormProps {
  text: string
  language: string
  job: TranslationJob
  detected: string
  onCancel: () => void
  onSaved: (text: string) => void
}

/** A person's better translation, in the place of the model's. */
export function CorrectionForm({ text, language, job, detected, onCancel, onSaved }: CorrectionFormProps) {
  const toast = useToast()
  const [corrected, setCorrected] = useState(text)
  const [busy, setBusy] = useState(false)

  const save = async (): Promise<void> => {
    setBusy(true)
    try {
      const body = { source: job.text, sourceLang: job.source ?? detected, targetLang: job.target, output: text, correction: corrected, model: job.model }
      await request('/api/corrections', { method: 'POST', body })
      toast('Thank you. The correction is kept for your organisation.')
      onSaved(corrected)
    } catch (error) {
      toast(messageOf(error), 'error')
      setBusy(false)
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <textarea
        value={corrected}
        onChange={(event) => setCorrected(event.target.value)}
        lang={language}
        aria-label="Your translation"
        rows={Math.min(12, Math.max(3, text.split('\n').length + 1))}
        autoFocus
        className={classNames(INPUT_CLASSES, 'py-2.5 text-[1.1rem] leading-relaxed')}
      />
      <p className="mt-2 text-[0.87rem] text-muted">Corrections stay in your organisation. They train a model only where its privacy settings allow it.</p>
      <div className="mt-3 flex gap-2">
        <Button type="submit" size="small" busy={busy} disabled={corrected.trim() === '' || corrected === text}>
          Save correction
        </Button>
        <Button look="secondary" size="small" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
