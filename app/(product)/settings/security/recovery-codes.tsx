'use client'

import Download from 'lucide-react/icons/download'

import { Button, buttonClasses } from '@/app/_components/button'
import { CopyButton } from '@/app/_components/copy-button'
import { Notice } from '@/app/_components/notice'

/** The ten codes, on the one occasion that they are shown. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const text = codes.join('\n')
  return (
    <div className="space-y-5">
      <Notice tone="warning">Keep these where you find them without your device. They are not shown again, and each works once.</Notice>
      <ul aria-label="Recovery codes" className="grid grid-cols-1 gap-x-6 gap-y-1 rounded-lg border border-line bg-sunken px-4 py-3 font-mono text-[0.93rem] sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code} data-recovery-code>
            {code}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="flex flex-wrap gap-1">
          <CopyButton text={text} label="Copy all" withText />
          <a href={`data:text/plain;charset=utf-8,${encodeURIComponent(`Parley recovery codes\n\n${text}\n`)}`} download="parley-recovery-codes.txt" className={buttonClasses('ghost', 'small')}>
            <Download aria-hidden className="size-4" />
            Download
          </a>
        </span>
        <Button onClick={onDone}>I have kept them</Button>
      </div>
    </div>
  )
}
