'use client'

import { Tooltip } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'

import { classNames } from './class-names'

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'aria-label'> {
  /** What it does: its accessible name and its tooltip. */
  label: string
  icon: ReactNode
  /** Stands beside the icon where there is room for words. */
  text?: string | undefined
  tone?: 'plain' | 'accent' | 'danger'
  /** Large ones are for a page's main action and for fingers. */
  size?: 'small' | 'large'
  round?: boolean
}

const TONES = {
  plain: 'text-muted hover:bg-hover hover:text-ink',
  accent: 'bg-accent text-on-accent hover:bg-accent-hover',
  danger: 'text-danger hover:bg-danger-soft',
} as const

export function IconButton({ label, icon, text, tone = 'plain', size = 'small', round = false, className, type = 'button', ...rest }: IconButtonProps) {
  const button = (
    <button
      {...rest}
      type={type}
      aria-label={text === undefined || !label.startsWith(text) ? label : undefined}
      className={classNames(
        'inline-flex shrink-0 items-center justify-center gap-1.5 transition-colors [&_svg]:size-[1.1rem]',
        size === 'small' ? 'h-8 min-w-8' : 'h-10 min-w-10',
        round ? 'rounded-full' : 'rounded-md',
        'disabled:pointer-events-none disabled:opacity-45',
        text !== undefined && 'px-2 text-[0.87rem] font-medium',
        TONES[tone],
        className,
      )}
    >
      {icon}
      {text}
    </button>
  )
  if (text !== undefined) return button
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{button}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content sideOffset={6} className="z-50 animate-fade rounded-md bg-ink px-2 py-1 text-[0.8rem] font-medium text-canvas shadow-float">
          {label}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
