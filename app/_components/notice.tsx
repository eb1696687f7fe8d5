import CircleAlert from 'lucide-react/icons/circle-alert'
import Info from 'lucide-react/icons/info'
import type { ReactNode } from 'react'

interface NoticeProps {
  tone: 'error' | 'warning' | 'note'
  children: ReactNode
  action?: ReactNode
}

const TONES = {
  error: 'bg-danger-soft text-danger',
  warning: 'bg-warning-soft text-warning',
  note: 'bg-accent-soft text-accent-ink',
} as const

/** A message that stays where it belongs until it is settled; an error is announced at once. */
export function Notice({ tone, children, action }: NoticeProps) {
  const Icon = tone === 'note' ? Info : CircleAlert
  return (
    <div role={tone === 'error' ? 'alert' : 'note'} className={`flex items-start gap-2.5 rounded-lg px-3.5 py-2.5 ${TONES[tone]}`}>
      <Icon aria-hidden className="mt-[0.2em] size-4 shrink-0" />
      <div className="min-w-0 flex-1 text-[0.93rem] break-words">{children}</div>
      {action}
    </div>
  )
}
