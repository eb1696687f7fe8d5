'use client'

import PanelLeft from 'lucide-react/icons/panel-left'
import SquarePen from 'lucide-react/icons/square-pen'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Dialog } from 'radix-ui'
import { useState, type ReactNode } from 'react'

import { IconButton } from '@/app/_components/icon-button'

import { ConversationList, type ListedConversation } from './conversation-list'

interface ChatFrameProps {
  conversations: readonly ListedConversation[]
  children: ReactNode
}

/** The list of conversations beside the open one; on a phone, in a drawer over it. */
export function ChatFrame({ conversations, children }: ChatFrameProps) {
  const pathname = usePathname()
  const [drawer, setDrawer] = useState(false)
  const current = conversations.find(({ id }) => pathname === `/chat/${id}`)

  return (
    <div className="flex min-h-0 flex-1">
      <div className="hidden w-66 shrink-0 border-r border-line lg:flex">
        <ConversationList conversations={conversations} />
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-2 lg:hidden">
          <Dialog.Root open={drawer} onOpenChange={setDrawer}>
            <Dialog.Trigger asChild>
              <IconButton label="Conversations" icon={<PanelLeft aria-hidden />} size="large" />
            </Dialog.Trigger>
            <Dialog.Portal>
              <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-[rgb(10_14_12/0.5)]" />
              <Dialog.Content
                aria-describedby={undefined}
                onOpenAutoFocus={(event) => {
                  // Not the search, which would bring up the keyboard of a phone.
                  event.preventDefault()
                  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
                }}
                className="fixed inset-y-0 left-0 z-50 flex w-[19rem] max-w-[85vw] animate-drawer border-r border-line bg-canvas outline-none safe-bottom"
              >
                <Dialog.Title className="sr-only">Conversations</Dialog.Title>
                <ConversationList conversations={conversations} onOpened={() => setDrawer(false)} />
              </Dialog.Content>
            </Dialog.Portal>
          </Dialog.Root>
          <p className="min-w-0 flex-1 truncate text-center font-medium">{current?.title ?? 'New chat'}</p>
          <Link href="/chat" aria-label="New chat" className="grid size-10 place-items-center rounded-md text-muted hover:bg-hover hover:text-ink">
            <SquarePen aria-hidden className="size-[1.1rem]" />
          </Link>
        </div>
        {children}
      </div>
    </div>
  )
}
