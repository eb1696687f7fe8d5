import { useId, type ComponentProps, type ReactNode } from 'react'

import { classNames } from './class-names'

/** The look shared by everything that is typed into. */
export const INPUT_CLASSES =
  'w-full rounded-lg border border-field bg-surface px-3 text-ink transition-colors hover:border-muted ' +
  'focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent ' +
  'aria-invalid:border-danger aria-invalid:focus-visible:outline-danger disabled:opacity-60'

interface FieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  label: string
  hint?: ReactNode
  /** What is wrong with the value, in a sentence. */
  error?: string | undefined
}

/** A labelled input; its hint and its error are announced with it. */
export function Field({ label, hint, error, className, ...input }: FieldProps) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-[0.93rem] font-medium">
        {label}
      </label>
      <input
        {...input}
        id={id}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={classNames(hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`) || undefined}
        className={classNames(INPUT_CLASSES, 'h-11 md:h-10')}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1.5 text-[0.87rem] text-muted">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="mt-1.5 text-[0.87rem] text-danger">
          {error}
        </p>
      )}
    </div>
  )
}
