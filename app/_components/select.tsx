'use client'

import Check from 'lucide-react/icons/check'
import ChevronDown from 'lucide-react/icons/chevron-down'
import { Select as Radix } from 'radix-ui'

import { classNames } from './class-names'

export interface SelectOption {
  value: string
  label: string
  hint?: string | undefined
}

interface SelectProps {
  label: string
  value: string
  options: readonly SelectOption[]
  onChange: (value: string) => void
  /** Shown in place of the chosen option's label. */
  shown?: string | undefined
  look?: 'field' | 'quiet'
  disabled?: boolean
  className?: string
}

export function Select({ label, value, options, onChange, shown, look = 'field', disabled = false, className }: SelectProps) {
  return (
    <Radix.Root value={value} onValueChange={onChange} disabled={disabled}>
      <Radix.Trigger
        aria-label={label}
        className={classNames(
          'inline-flex min-w-0 items-center gap-1.5 whitespace-nowrap rounded-lg text-left font-medium transition-colors disabled:opacity-60',
          look === 'field' ? 'h-10 justify-between border border-field bg-surface px-3 hover:border-muted' : 'h-8 px-2.5 text-[0.93rem] hover:bg-hover',
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value>{shown ?? options.find((option) => option.value === value)?.label}</Radix.Value>
        </span>
        <Radix.Icon>
          <ChevronDown aria-hidden className="size-4 text-muted" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={6}
          className="z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) animate-rise overflow-hidden rounded-xl border border-line bg-raised shadow-float"
        >
          <Radix.Viewport className="p-1">
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className="flex cursor-pointer items-center gap-3 rounded-lg px-2.5 py-2 outline-none select-none data-highlighted:bg-hover"
              >
                <span className="flex-1">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.hint !== undefined && <span className="block text-[0.8rem] text-muted">{option.hint}</span>}
                </span>
                <Radix.ItemIndicator>
                  <Check aria-hidden className="size-4 text-accent-ink" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
