'use client'

import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'

import { classNames } from './class-names'

interface MenuProps {
  /** One button; it opens the menu. */
  trigger: ReactNode
  align?: 'start' | 'end'
  side?: 'top' | 'bottom'
  children: ReactNode
}

export function Menu({ trigger, align = 'end', side = 'bottom', children }: MenuProps) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 min-w-44 animate-rise rounded-xl border border-line bg-raised p-1 shadow-float"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

interface MenuItemProps {
  icon?: ReactNode
  onSelect?: () => void
  tone?: 'plain' | 'danger'
  /** One link in place of a button's action. */
  asChild?: boolean
  children: ReactNode
}

export function MenuItem({ icon, onSelect, tone = 'plain', asChild = false, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item
      asChild={asChild}
      {...(onSelect === undefined ? {} : { onSelect })}
      className={classNames(
        'flex cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-2 outline-none select-none data-highlighted:bg-hover [&_svg]:size-4',
        tone === 'danger' && 'text-danger',
      )}
    >
      {asChild ? (
        children
      ) : (
        <>
          {icon}
          {children}
        </>
      )}
    </DropdownMenu.Item>
  )
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2.5 py-2">{children}</DropdownMenu.Label>
}

export function MenuSeparator() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />
}
