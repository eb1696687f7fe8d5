import { Progress as Radix } from 'radix-ui'

interface ProgressProps {
  label: string
  /** 0 to 1; null while it is not known. */
  share: number | null
  tone?: 'accent' | 'warning' | 'danger'
}

const TONES = { accent: 'bg-accent', warning: 'bg-warning', danger: 'bg-danger' } as const

export function Progress({ label, share, tone = 'accent' }: ProgressProps) {
  const percent = share === null ? null : Math.round(Math.min(1, Math.max(0, share)) * 100)
  return (
    <Radix.Root value={percent} max={100} aria-label={label} className="h-1.5 w-full overflow-hidden rounded-full bg-hover">
      <Radix.Indicator
        className={`h-full rounded-full transition-[width] duration-300 ${TONES[tone]} ${percent === null ? 'w-1/3 animate-shimmer' : ''}`}
        style={percent === null ? undefined : { width: `${Math.max(percent, share !== null && share > 0 ? 1 : 0)}%` }}
      />
    </Radix.Root>
  )
}
