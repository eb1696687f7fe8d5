'use client'

import X from 'lucide-react/icons/x'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

import { IconButton } from './icon-button'

interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: ReactNode
  /** False where closing by accident would lose something, such as a key that is shown once. */
  dismissible?: boolean
  children: ReactNode
}

/** A modal dialog: in the middle of a wide screen, at the bottom of a narrow one. */
export function Dialog({ open, onOpenChange, title, description, dismissible = true, children }: DialogProps) {
  const keepOpen = (event: Event): void => {
    if (!dismissible) event.preventDefault()
  }
  // The first field, not the button that closes it, whose tooltip would open at once.
  const focusFirstField = (event: Event): void => {
    if (!(event.currentTarget instanceof HTMLElement)) return
    event.preventDefault()
    const target = event.currentTarget.querySelector<HTMLElement>('input, textarea') ?? event.currentTarget
    target.focus()
  }
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-[rgb(10_14_12/0.5)]" />
        <Radix.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          onOpenAutoFocus={focusFirstField}
          onPointerDownOutside={keepOpen}
          onEscapeKeyDown={keepOpen}
          className="fixed inset-x-0 bottom-0 z-50 max-h-[92dvh] animate-rise overflow-y-auto rounded-t-2xl border border-line bg-raised p-5 pb-[max(1.25rem,env(safe-area-inset-bottom))] shadow-float outline-none md:inset-x-auto md:top-1/2 md:bottom-auto md:left-1/2 md:w-[30rem] md:-translate-x-1/2 md:-translate-y-1/2 md:rounded-2xl md:p-6"
        >
          <div className="mb-1 flex items-start justify-between gap-4">
            <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            {dismissible && (
              <Radix.Close asChild>
                <IconButton label="Close" icon={<X aria-hidden />} className="-mt-1 -mr-1" />
              </Radix.Close>
            )}
          </div>
          {description !== undefined && <Radix.Description className="mb-4 text-muted">{description}</Radix.Description>}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
