import { useId, type ComponentProps, type ReactNode } from 'react'

import { classNames } from '@/app/_components/class-names'
import { INPUT_CLASSES } from '@/app/_components/field'

interface LabelledProps {
  label: string
  className?: string | undefined
}

/** A search form works by a plain GET, also before the page is live. */
export function FilterInput({ label, className, ...input }: LabelledProps & Omit<ComponentProps<'input'>, 'className' | 'id'>) {
  const id = useId()
  return (
    <div className={className}>
      <FilterLabel id={id}>{label}</FilterLabel>
      <input {...input} id={id} className={classNames(INPUT_CLASSES, 'h-10')} />
    </div>
  )
}

export function FilterSelect({ label, className, children, ...select }: LabelledProps & Omit<ComponentProps<'select'>, 'className' | 'id'> & { children: ReactNode }) {
  const id = useId()
  return (
    <div className={className}>
      <FilterLabel id={id}>{label}</FilterLabel>
      <select {...select} id={id} className={classNames(INPUT_CLASSES, 'h-10 pr-8')}>
        {children}
      </select>
    </div>
  )
}

function FilterLabel({ id, children }: { id: string; children: string }) {
  return (
    <label htmlFor={id} className="mb-1 block text-[0.83rem] font-medium text-muted">
      {children}
    </label>
  )
}
