'use client'

import Monitor from 'lucide-react/icons/monitor'
import Moon from 'lucide-react/icons/moon'
import Sun from 'lucide-react/icons/sun'
import { ToggleGroup } from 'radix-ui'
import { useSyncExternalStore } from 'react'

import { THEME_KEY } from './theme-key'

const THEMES = [
  { value: 'system', label: 'System', Icon: Monitor },
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
] as const

const CHANGED = 'parley-theme-changed'

function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange)
  window.addEventListener('storage', onChange)
  return () => {
    window.removeEventListener(CHANGED, onChange)
    window.removeEventListener('storage', onChange)
  }
}

function currentTheme(): string {
  return document.documentElement.dataset['theme'] ?? 'system'
}

function choose(theme: string): void {
  const root = document.documentElement
  if (theme === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = theme
  try {
    if (theme === 'system') localStorage.removeItem(THEME_KEY)
    else localStorage.setItem(THEME_KEY, theme)
  } catch {
    // A browser that stores nothing keeps the theme for this page alone.
  }
  window.dispatchEvent(new Event(CHANGED))
}

/** Light, dark or the system's preference; kept in this browser. */
export function ThemeChoice({ compact = false }: { compact?: boolean }) {
  const theme = useSyncExternalStore(subscribe, currentTheme, () => 'system')
  return (
    <ToggleGroup.Root
      type="single"
      value={theme}
      onValueChange={(value) => {
        if (value !== '') choose(value)
      }}
      aria-label="Theme"
      className="inline-flex rounded-lg border border-line bg-sunken p-0.5"
    >
      {THEMES.map(({ value, label, Icon }) => (
        <ToggleGroup.Item
          key={value}
          value={value}
          aria-label={compact ? label : undefined}
          className="inline-flex h-8 items-center gap-2 rounded-md px-2.5 text-[0.87rem] font-medium text-muted transition-colors hover:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-card"
        >
          <Icon aria-hidden className="size-4" />
          {!compact && label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}
