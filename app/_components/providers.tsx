'use client'

import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'

import { ToastProvider } from './toast'

/** What every page's pieces need around them. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <Tooltip.Provider delayDuration={500} skipDelayDuration={200}>
      <ToastProvider>{children}</ToastProvider>
    </Tooltip.Provider>
  )
}
