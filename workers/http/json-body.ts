import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { AppError } from '@/lib/contract/errors'

/** Prompts come as token ids, so a full context of the largest model is far below it. */
const LIMIT_BYTES = 4 * 2 ** 20

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('The request body is not read as bytes.')
    bytes += chunk.length
    if (bytes > LIMIT_BYTES) throw new AppError('payload_too_large', `The body is larger than ${LIMIT_BYTES} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Throws AppError payload_too_large, or invalid_request that names the first field at fault. */
export async function readJsonBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const text = await readText(request)
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    throw new AppError('invalid_request', 'The body is not valid JSON.', { cause: error })
  }
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const field = issue?.path.join('.') ?? ''
  throw new AppError('invalid_request', `${field === '' ? 'The body' : field}: ${issue?.message ?? 'not understood'}`, { param: field, cause: result.error })
}
