import { classNames } from '@/app/_components/class-names'

const TONES = {
  plain: 'bg-hover text-muted',
  accent: 'bg-accent-soft text-accent-ink',
  warning: 'bg-warning-soft text-warning',
  danger: 'bg-danger-soft text-danger',
} as const

export function Badge({ tone = 'plain', children }: { tone?: keyof typeof TONES; children: string }) {
  return <span className={classNames('inline-block rounded-full px-2 py-0.5 text-[0.75rem] font-medium whitespace-nowrap', TONES[tone])}>{children}</span>
}

export function StateBadge({ suspended }: { suspended: boolean }) {
  return suspended ? <Badge tone="danger">Suspended</Badge> : <Badge tone="accent">Active</Badge>
}
