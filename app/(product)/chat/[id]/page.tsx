import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'

import { pageSession } from '@/app/_server/page-session'
import { textModels } from '@/app/_server/text-models'
import { can } from '@/lib/domain/permissions'
import { readConversation } from '@/lib/services/read-conversation'

import { ChatView } from '../chat-view'

interface ConversationPageProps {
  params: Promise<{ id: string }>
}

const conversationOf = cache(async (id: string) => {
  const session = await pageSession()
  // A page is also asked for without its layout.
  return can(session.role, 'use') ? readConversation(session.orgId, session.userId, id) : null
})

export async function generateMetadata({ params }: ConversationPageProps): Promise<Metadata> {
  const conversation = await conversationOf((await params).id)
  return { title: conversation?.title ?? 'Chat' }
}

export default async function ConversationPage({ params }: ConversationPageProps) {
  const conversation = await conversationOf((await params).id)
  if (conversation === null) notFound()
  return <ChatView key={conversation.id} conversation={conversation} models={await textModels()} />
}
