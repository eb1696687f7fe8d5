import { AppError } from '@/lib/contract/errors'
import type { GenerationStatus, MessageRole } from './generated/client'
import { storableText } from './storable-text'
import { withTenant, withTenantSnapshot, type Transaction } from './tenant'
import { isUuid } from './uuid'

/**
 * Conversations belong to one person within a tenant. Every function names both; another person's
 * conversation answers like one that does not exist.
 */
export interface Conversation {
  id: string
  title: string
  model: string
  createdAt: Date
  updatedAt: Date
}

export interface Message {
  id: string
  /** From 0, in order. */
  position: number
  role: MessageRole
  content: string
  createdAt: Date
  /** Of an answer: what writes or wrote it. While it runs, `content` is empty and the chunks are read. */
  generation: { id: string; status: GenerationStatus; error: string | null } | null
}

const SHOWN = { id: true, title: true, model: true, createdAt: true, updatedAt: true } as const

const MESSAGE_SHOWN = {
  id: true,
  position: true,
  role: true,
  content: true,
  createdAt: true,
  generation: { select: { id: true, status: true, error: true } },
} as const

/** Latest first; `before` pages on by `updatedAt`. */
export async function listConversations(
  orgId: string,
  userId: string,
  options: { limit?: number; before?: Date } = {},
): Promise<Conversation[]> {
  const { limit = 100, before } = options
  return withTenant(orgId, (tx) =>
    tx.conversation.findMany({
      where: { orgId, userId, ...(before === undefined ? {} : { updatedAt: { lt: before } }) },
      select: SHOWN,
      orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
      take: limit,
    }),
  )
}

export async function createConversation(
  orgId: string,
  userId: string,
  conversation: { title: string; model: string },
): Promise<Conversation> {
  const { title, model } = conversation
  return withTenant(orgId, (tx) => tx.conversation.create({ data: { orgId, userId, title: storableText(title), model }, select: SHOWN }))
}

/** With its messages in order, all as they stood at one moment: an answer that is done has its text. */
export async function getConversation(
  orgId: string,
  userId: string,
  id: string,
): Promise<(Conversation & { messages: Message[] }) | null> {
  if (!isUuid(id)) return null
  return withTenantSnapshot(orgId, (tx) =>
    tx.conversation.findFirst({
      where: { orgId, userId, id },
      select: { ...SHOWN, messages: { select: MESSAGE_SHOWN, orderBy: { position: 'asc' } } },
    }),
  )
}

/** False where there is none. */
export async function renameConversation(orgId: string, userId: string, id: string, title: string): Promise<boolean> {
  if (!isUuid(id)) return false
  const { count } = await withTenant(orgId, (tx) =>
    tx.conversation.updateMany({ where: { orgId, userId, id }, data: { title: storableText(title) } }),
  )
  return count === 1
}

/** With its messages and generations. False where there is none. */
export async function deleteConversation(orgId: string, userId: string, id: string): Promise<boolean> {
  if (!isUuid(id)) return false
  const { count } = await withTenant(orgId, (tx) => tx.conversation.deleteMany({ where: { orgId, userId, id } }))
  return count === 1
}

/** At the end of the conversation; null where there is none. */
export async function addMessage(
  orgId: string,
  userId: string,
  conversationId: string,
  message: { role: MessageRole; content: string },
): Promise<Message | null> {
  if (!isUuid(conversationId)) return null
  return withTenant(orgId, async (tx) => {
    if (!(await lockConversation(tx, orgId, userId, conversationId))) return null
    const position = await tx.message.count({ where: { orgId, conversationId } })
    const content = storableText(message.content)
    await tx.conversation.update({ where: { id: conversationId }, data: { updatedAt: new Date() } })
    return tx.message.create({ data: { orgId, conversationId, position, role: message.role, content }, select: MESSAGE_SHOWN })
  })
}

/**
 * Removes the messages from a position on, so that an answer can be tried again. False where there
 * is no such conversation. AppError `conflict` while one of them is being written.
 */
export async function removeMessagesFrom(orgId: string, userId: string, conversationId: string, position: number): Promise<boolean> {
  if (!isUuid(conversationId)) return false
  return withTenant(orgId, async (tx) => {
    if (!(await lockConversation(tx, orgId, userId, conversationId))) return false
    const running = await tx.generation.count({ where: { orgId, conversationId, status: 'running' } })
    if (running > 0) throw new AppError('conflict', 'An answer is still being written in this conversation.')
    await tx.message.deleteMany({ where: { orgId, conversationId, position: { gte: position } } })
    return true
  })
}

/** Keeps others from adding messages until the transaction ends; false where there is no such conversation. */
export async function lockConversation(tx: Transaction, orgId: string, userId: string, id: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM conversations WHERE org_id = ${orgId}::uuid AND user_id = ${userId}::uuid AND id = ${id}::uuid FOR UPDATE`
  return rows.length === 1
}
