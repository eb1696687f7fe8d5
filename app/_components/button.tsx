import type { ComponentProps } from 'react'

import { classNames } from './class-names'
import { Spinner } from './spinner'

const LOOKS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover shadow-card',
  secondary: 'bg-surface text-ink border border-line hover:bg-hover shadow-card',
  ghost: 'text-muted hover:bg-hover hover:text-ink',
  danger: 'bg-danger text-on-danger hover:bg-danger-hover shadow-card',
} as const

const SIZES = {
  small: 'h-8 gap-1.5 rounded-md px-2.5 text-[0.87rem]',
  medium: 'h-10 gap-2 rounded-lg px-4 text-[0.95rem]',
  large: 'h-12 gap-2 rounded-lg px-6 text-base',
} as const

export type ButtonLook = keyof typeof LOOKS
export type ButtonSize = keyof typeof SIZES

/** The classes of a button, for links that look like one. */
export function buttonClasses(look: ButtonLook = 'primary', size: ButtonSize = 'medium'): string {
  return classNames(
    'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap font-medium transition-colors',
    'disabled:pointer-events-none disabled:opacity-50',
    LOOKS[look],
    SIZES[size],
  )
}

interface ButtonProps extends ComponentProps<'button'> {
  look?: ButtonLook
  size?: ButtonSize
  /** Shows a spinner and takes no clicks. */
  busy?: boolean
}

export function Button({ look = 'primary', size = 'medium', busy = false, className, children, disabled, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      disabled={busy || disabled === true}
      aria-busy={busy || undefined}
      className={classNames(buttonClasses(look, size), className)}
    >
      {busy && <Spinner />}
      {children}
    </button>
  )
}
