'use client'

import Ellipsis from 'lucide-react/icons/ellipsis'
import Pencil from 'lucide-react/icons/pencil'
import Search from 'lucide-react/icons/search'
import SquarePen from 'lucide-react/icons/square-pen'
import Trash2 from 'lucide-react/icons/trash-2'
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { buttonClasses } from '@/app/_components/button'
import { classNames } from '@/app/_components/class-names'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { Menu, MenuItem } from '@/app/_components/menu'
import { RenameDialog } from '@/app/_components/rename-dialog'
import { useToast } from '@/app/_components/toast'

export interface ListedConversation {
  id: string
  title: string
}

interface ConversationListProps {
  conversations: readonly ListedConversation[]
  /** Called when one was chosen, so that a drawer can close. */
  onOpened?: (() => void) | undefined
}

type Dialogue = { kind: 'rename' | 'delete'; conversation: ListedConversation } | null

export function ConversationList({ conversations, onOpened }: ConversationListProps) {
  const pathname = usePathname()
  const router = useRouter()
  const toast = useToast()
  const [search, setSearch] = useState('')
  const [dialogue, setDialogue] = useState<Dialogue>(null)
  const wanted = search.trim().toLocaleLowerCase()
  const found = conversations.filter(({ title }) => title.toLocaleLowerCase().includes(wanted))

  const remove = async ({ id }: ListedConversation): Promise<boolean> => {
    try {
      await request(`/api/conversations/${id}`, { method: 'DELETE' })
    } catch (error) {
      toast(messageOf(error), 'error')
      return false
    }
    if (pathname === `/chat/${id}`) router.push('/chat')
    router.refresh()
    return true
  }

  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="space-y-2 p-3">
        <Link href="/chat" onClick={() => onOpened?.()} className={classNames(buttonClasses('secondary'), 'w-full')}>
          <SquarePen aria-hidden className="size-4" />
          New chat
        </Link>
        <div className="relative">
          <Search aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-muted" />
          <input
            type="search"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            aria-label="Search conversations"
            placeholder="Search"
            className="h-9 w-full rounded-lg bg-hover pr-2 pl-8.5 placeholder:text-muted"
          />
        </div>
      </div>
      <nav aria-label="Conversations" className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        {found.length === 0 ? (
          <p className="px-3 py-6 text-center text-[0.93rem] text-muted">
            {conversations.length === 0 ? 'Your conversations will be listed here.' : 'No conversation has this in its title.'}
          </p>
        ) : (
          <ul>
            {found.map((conversation) => {
              const current = pathname === `/chat/${conversation.id}`
              return (
                <li
                  key={conversation.id}
                  className={classNames('group flex items-center rounded-lg transition-colors hover:bg-hover', current && 'bg-hover')}
                >
                  <Link
                    href={`/chat/${conversation.id}`}
                    onClick={() => onOpened?.()}
                    aria-current={current ? 'page' : undefined}
                    className={classNames('min-w-0 flex-1 truncate rounded-lg py-2 pl-3', current ? 'font-medium' : 'text-muted group-hover:text-ink')}
                  >
                    {conversation.title}
                  </Link>
                  <Menu
                    trigger={
                      <button
                        type="button"
                        aria-label={`Options of ${conversation.title}`}
                        className="mx-1 grid size-7 shrink-0 place-items-center rounded-md text-muted hover:text-ink focus-visible:opacity-100 data-[state=open]:opacity-100 lg:opacity-0 lg:group-hover:opacity-100"
                      >
                        <Ellipsis aria-hidden className="size-4" />
                      </button>
                    }
                  >
                    <MenuItem icon={<Pencil aria-hidden />} onSelect={() => setDialogue({ kind: 'rename', conversation })}>
                      Rename
                    </MenuItem>
                    <MenuItem icon={<Trash2 aria-hidden />} tone="danger" onSelect={() => setDialogue({ kind: 'delete', conversation })}>
                      Delete
                    </MenuItem>
                  </Menu>
                </li>
              )
            })}
          </ul>
        )}
      </nav>
      {dialogue?.kind === 'rename' && (
        <RenameDialog
          title="Rename the conversation"
          label="Title"
          current={dialogue.conversation.title}
          onClose={() => setDialogue(null)}
          onRename={async (title) => {
            await request(`/api/conversations/${dialogue.conversation.id}`, { method: 'PATCH', body: { title } })
            router.refresh()
          }}
        />
      )}
      {dialogue?.kind === 'delete' && (
        <ConfirmDialog
          open
          onOpenChange={(open) => {
            if (!open) setDialogue(null)
          }}
          title="Delete the conversation?"
          description={`“${dialogue.conversation.title}” and all its messages will be gone for good.`}
          action="Delete"
          onConfirm={() => remove(dialogue.conversation)}
        />
      )}
    </div>
  )
}
