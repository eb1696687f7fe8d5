import type { ChatMessage } from '@/lib/contract/browser'
import { getConversation, type Message } from '@/lib/db/conversations'
import { readChunks } from '@/lib/db/generation-chunks'

export interface ConversationView {
  id: string
  title: string
  model: string
  messages: ChatMessage[]
}

/** A conversation as its page shows it; an answer under way holds what is stored of it so far. null: not this person's, or none. */
export async function readConversation(orgId: string, userId: string, conversationId: string): Promise<ConversationView | null> {
  const conversation = await getConversation(orgId, userId, conversationId)
  if (conversation === null) return null
  const shown = conversation.messages.filter(({ role }) => role !== 'system')
  const messages = await Promise.all(shown.map((message) => view(orgId, userId, message)))
  return { id: conversation.id, title: conversation.title, model: conversation.model, messages }
}

async function view(orgId: string, userId: string, { id, role, content, generation }: Message): Promise<ChatMessage> {
  const base = { id, role: role === 'user' ? ('user' as const) : ('assistant' as const), content }
  if (generation === null) return { ...base, generation: null }
  const { id: generationId, status, error } = generation
  if (status !== 'running') return { ...base, generation: { id: generationId, status, error, after: 0 } }
  const state = await readChunks(orgId, userId, generationId, 0)
  const chunks = state?.chunks ?? []
  return {
    ...base,
    content: chunks.map(({ text }) => text).join(''),
    generation: { id: generationId, status, error, after: chunks.at(-1)?.seq ?? 0 },
  }
}
