'use client'

import { useState } from 'react'

import { Notice } from '@/app/_components/notice'

import { usePrivacyChange } from './use-privacy-change'

export function ConsentForm({ consent }: { consent: boolean }) {
  const { busy, error, send } = usePrivacyChange()
  const [checked, setChecked] = useState(consent)

  const choose = async (allowed: boolean): Promise<void> => {
    setChecked(allowed)
    const taken = await send({ trainingConsent: allowed }, allowed ? 'Training is allowed.' : 'Training is not allowed any more.')
    if (!taken) setChecked(!allowed)
  }

  return (
    <div className="space-y-3">
      <label className="flex items-start gap-3">
        <input
          type="checkbox"
          checked={checked}
          disabled={busy}
          onChange={(event) => void choose(event.target.checked)}
          className="mt-1 size-4 accent-accent"
        />
        <span>
          Models may be trained on this organisation’s texts
          <span className="block text-[0.87rem] text-muted">Only models of this organisation’s own. Taking the consent back holds for every training that starts afterwards.</span>
        </span>
      </label>
      {error !== null && <Notice tone="error">{error}</Notice>}
    </div>
  )
}
