import type { ReactNode } from 'react'

import { pageSession } from '@/app/_server/page-session'
import { listConversations } from '@/lib/db/conversations'
import { can } from '@/lib/domain/permissions'

import { Forbidden } from '../_shell/forbidden'
import { ChatFrame } from './chat-frame'

/** How many conversations are listed; the search looks through them. */
const LISTED = 200

export default async function ChatLayout({ children }: { children: ReactNode }) {
  const session = await pageSession()
  if (!can(session.role, 'use')) return <Forbidden what="Chat" />
  const conversations = await listConversations(session.orgId, session.userId, { limit: LISTED })
  return <ChatFrame conversations={conversations.map(({ id, title }) => ({ id, title }))}>{children}</ChatFrame>
}
