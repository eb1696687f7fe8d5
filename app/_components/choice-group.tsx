'use client'

import { ToggleGroup } from 'radix-ui'

interface ChoiceGroupProps {
  label: string
  value: string
  options: readonly { value: string; label: string }[]
  onChange: (value: string) => void
}

/** One of a few choices, side by side. */
export function ChoiceGroup({ label, value, options, onChange }: ChoiceGroupProps) {
  return (
    <div>
      <p aria-hidden className="mb-1.5 text-[0.87rem] font-medium text-muted">
        {label}
      </p>
      <ToggleGroup.Root
        type="single"
        value={value}
        onValueChange={(chosen) => {
          if (chosen !== '') onChange(chosen)
        }}
        aria-label={label}
        className="inline-flex rounded-lg border border-line bg-sunken p-0.5"
      >
        {options.map((option) => (
          <ToggleGroup.Item
            key={option.value}
            value={option.value}
            className="h-8 min-w-8 rounded-md px-3 text-[0.87rem] font-medium whitespace-nowrap text-muted transition-colors hover:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-card"
          >
            {option.label}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
    </div>
  )
}
