import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'

import { pageSession } from '@/app/_server/page-session'
import { PATH_HEADER } from '@/app/_server/path-header'
import { listConversations } from '@/lib/db/conversations'
import { can } from '@/lib/domain/permissions'

import { Forbidden } from '../_shell/forbidden'
import { ChatFrame } from './chat-frame'

/** How many conversations are listed; the search looks through them. */
const LISTED = 200

export default async function ChatLayout({ children }: { children: ReactNode }) {
  const session = await pageSession()
  if (!can(session.role, 'use')) {
    // The page that everybody is led to after signing in; who may not chat starts elsewhere.
    if ((await headers()).get(PATH_HEADER) === '/chat') redirect('/usage')
    return <Forbidden what="Chat" />
  }
  const conversations = await listConversations(session.orgId, session.userId, { limit: LISTED })
  return <ChatFrame conversations={conversations.map(({ id, title }) => ({ id, title }))}>{children}</ChatFrame>
}
