import type { Metadata } from 'next'

import { textModels } from '@/app/_server/text-models'

import { ChatView } from './chat-view'

export const metadata: Metadata = { title: 'Chat' }

export default async function NewChatPage() {
  return <ChatView conversation={null} models={await textModels()} />
}
