import { z } from 'zod'
import { AppError } from '@/lib/contract/errors'
import { lockConversation } from './conversations'
import type { Generation as GenerationRow, GenerationKind, GenerationStatus } from './generated/client'
import { storableJson, storableText } from './storable-text'
import { withTenant, type Transaction } from './tenant'
import { isUuid } from './uuid'

/** An answer or a set of drafts: what was asked, how far it is, what came of it. */
export interface Generation {
  id: string
  orgId: string
  userId: string
  /** The ledger's key of this request. */
  requestId: string
  kind: GenerationKind
  status: GenerationStatus
  model: string
  /** As it was given to startGeneration; parse it before use. */
  params: unknown
  promptTokenIds: number[]
  choices: number
  conversationId: string | null
  messageId: string | null
  cancelRequested: boolean
  error: string | null
  /** By choice; filled at the end. */
  outputs: string[]
  /** By choice; filled at the end. */
  finishReasons: (string | null)[]
  /** The number of the last chunk; 0 before the first. */
  lastSeq: number
  createdAt: Date
  finishedAt: Date | null
}

/** The right to write a generation: everything is written only while `epoch` is the latest. */
export interface Lease {
  generationId: string
  orgId: string
  /** 1 for the first holder; grows by one with every takeover. */
  epoch: number
}

export interface NewGeneration {
  orgId: string
  userId: string
  requestId: string
  kind: GenerationKind
  model: string
  params: Readonly<Record<string, unknown>>
  promptTokenIds: readonly number[]
  choices: number
  /** Names the process, for people who look. */
  leaseOwner: string
  leaseSeconds: number
  conversation: {
    id: string
    /** The person's message; null answers what stands there. */
    message: string | null
    /** The messages that the prompt was made from, `message` not counted. */
    expectedMessages: number
  } | null
}

const jsonObject = z.record(z.string(), z.json())
const finishReasons = z.array(z.string().nullable())

/**
 * In one transaction the person's message, the empty answer and the running generation. AppError
 * `not_found` where the conversation is not this person's, `conflict` where it has gone on since
 * the prompt was made or an answer is being written in it.
 */
export async function startGeneration(start: NewGeneration): Promise<{ generation: Generation; lease: Lease }> {
  const { orgId, userId, conversation } = start
  return withTenant(orgId, async (tx) => {
    const messageId = conversation === null ? null : await openAnswer(tx, orgId, userId, conversation)
    const row = await tx.generation.create({
      data: {
        orgId,
        userId,
        requestId: start.requestId,
        kind: start.kind,
        model: start.model,
        params: jsonObject.parse(JSON.parse(storableJson(start.params))),
        promptTokenIds: [...start.promptTokenIds],
        choices: start.choices,
        conversationId: conversation?.id ?? null,
        messageId,
        leaseOwner: start.leaseOwner,
        leaseUntil: new Date(Date.now() + start.leaseSeconds * 1000),
      },
    })
    return { generation: generationFromRow(row), lease: { generationId: row.id, orgId, epoch: row.leaseEpoch } }
  })
}

async function openAnswer(
  tx: Transaction,
  orgId: string,
  userId: string,
  conversation: NonNullable<NewGeneration['conversation']>,
): Promise<string> {
  const { id: conversationId, message, expectedMessages } = conversation
  if (!isUuid(conversationId) || !(await lockConversation(tx, orgId, userId, conversationId))) {
    throw new AppError('not_found', 'There is no such conversation.')
  }
  if ((await tx.generation.count({ where: { orgId, conversationId, status: 'running' } })) > 0) {
    throw new AppError('conflict', 'An answer is still being written in this conversation.')
  }
  if ((await tx.message.count({ where: { orgId, conversationId } })) !== expectedMessages) {
    throw new AppError('conflict', 'This conversation has gone on elsewhere. Load it again.')
  }
  let position = expectedMessages
  if (message !== null) {
    await tx.message.create({ data: { orgId, conversationId, position, role: 'user', content: storableText(message) } })
    position += 1
  }
  const answer = await tx.message.create({
    data: { orgId, conversationId, position, role: 'assistant', content: '' },
    select: { id: true },
  })
  await tx.conversation.update({ where: { id: conversationId }, data: { updatedAt: new Date() } })
  return answer.id
}

/** Asks whoever writes an answer of the organisation's to stop, all of them; what is there stays. */
export async function stopGenerations(orgId: string): Promise<void> {
  await withTenant(orgId, async (tx) => {
    const stopped = await tx.generation.updateManyAndReturn({ where: { orgId, status: 'running' }, data: { cancelRequested: true }, select: { id: true } })
    for (const { id } of stopped) await tx.$queryRaw`SELECT pg_notify('generation', ${id})::text`
  })
}

/** Asks whoever writes it to stop. False where this person has no such running generation. */
export async function requestStop(orgId: string, userId: string, generationId: string): Promise<boolean> {
  if (!isUuid(generationId)) return false
  return withTenant(orgId, async (tx) => {
    const { count } = await tx.generation.updateMany({
      where: { orgId, userId, id: generationId, status: 'running' },
      data: { cancelRequested: true },
    })
    if (count === 1) await tx.$queryRaw`SELECT pg_notify('generation', ${generationId})::text`
    return count === 1
  })
}

/** Null where this person has none such. */
export async function getGeneration(orgId: string, userId: string, id: string): Promise<Generation | null> {
  if (!isUuid(id)) return null
  const row = await withTenant(orgId, (tx) => tx.generation.findFirst({ where: { orgId, userId, id } }))
  return row && generationFromRow(row)
}

/** The person's latest, latest first. */
export async function listGenerations(orgId: string, userId: string, kind: GenerationKind, limit: number): Promise<Generation[]> {
  const rows = await withTenant(orgId, (tx) =>
    tx.generation.findMany({ where: { orgId, userId, kind }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit }),
  )
  return rows.map(generationFromRow)
}

export function generationFromRow(row: GenerationRow): Generation {
  return {
    id: row.id,
    orgId: row.orgId,
    userId: row.userId,
    requestId: row.requestId,
    kind: row.kind,
    status: row.status,
    model: row.model,
    params: row.params,
    promptTokenIds: row.promptTokenIds,
    choices: row.choices,
    conversationId: row.conversationId,
    messageId: row.messageId,
    cancelRequested: row.cancelRequested,
    error: row.error,
    outputs: row.outputs,
    finishReasons: finishReasons.parse(row.finishReasons),
    lastSeq: row.lastSeq,
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
  }
}

export type { GenerationKind, GenerationStatus }
