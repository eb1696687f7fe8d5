import type { ComponentProps, ReactNode } from 'react'

import { classNames } from '@/app/_components/class-names'
import { INPUT_CLASSES } from '@/app/_components/field'

interface LabelledProps {
  label: string
  className?: string | undefined
}

/** A search form works by a plain GET, also before the page is live. */
export function FilterInput({ label, className, ...input }: LabelledProps & Omit<ComponentProps<'input'>, 'className'>) {
  return (
    <label className={classNames('block', className)}>
      <span className="mb-1 block text-[0.83rem] font-medium text-muted">{label}</span>
      <input {...input} className={classNames(INPUT_CLASSES, 'h-10')} />
    </label>
  )
}

export function FilterSelect({ label, className, children, ...select }: LabelledProps & Omit<ComponentProps<'select'>, 'className'> & { children: ReactNode }) {
  return (
    <label className={classNames('block', className)}>
      <span className="mb-1 block text-[0.83rem] font-medium text-muted">{label}</span>
      <select {...select} className={classNames(INPUT_CLASSES, 'h-10 pr-8')}>
        {children}
      </select>
    </label>
  )
}
