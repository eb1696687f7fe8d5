import type { z } from 'zod'
import { AppError } from '@/lib/contract/errors'

/** Of a body over its limit so much is read and thrown away: a client that is still writing would not see the answer. */
const DRAINED_BYTES = 64 * 1024 * 1024

/** The whole body. Throws AppError payload_too_large where it passes the limit; what passes it is never kept. */
export async function readBody(request: Request, limitBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = request.body?.getReader()
  for (let part = await reader?.read(); part?.done === false && length <= limitBytes + DRAINED_BYTES; part = await reader?.read()) {
    length += part.value.length
    if (length <= limitBytes) chunks.push(part.value)
    else chunks.length = 0
  }
  if (length > limitBytes) {
    await reader?.cancel()
    throw new AppError('payload_too_large', `The request body may have ${limitBytes} bytes.`)
  }
  const body = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.length
  }
  return body
}

/** Throws AppError invalid_request where the bytes are no JSON in UTF-8. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    throw new AppError('invalid_request', 'The request body is not valid JSON.', { cause })
  }
}

const FORM_TYPES = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/iu

/** A body that is a form or JSON, told by its content type. Of a form, the fields in `lists` become lists, and all others keep their last value. */
export async function parseFormOrJson(request: Request, body: Uint8Array<ArrayBuffer>, lists: readonly string[]): Promise<unknown> {
  const contentType = request.headers.get('content-type') ?? ''
  if (/^application\/json\b/iu.test(contentType)) return parseJson(body)
  if (!FORM_TYPES.test(contentType)) throw new AppError('invalid_request', 'The content type is neither a form nor application/json.')
  return formFields(await readForm(contentType, body), lists)
}

/** The fields of a form. Throws AppError invalid_request where the bytes are none. */
export async function readForm(contentType: string, body: Uint8Array<ArrayBuffer>): Promise<FormData> {
  try {
    return await new Response(body, { headers: { 'content-type': contentType } }).formData()
  } catch (cause) {
    throw new AppError('invalid_request', 'The request body is not a valid form.', { cause })
  }
}

function formFields(form: FormData, lists: readonly string[]): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown> // a null prototype cannot be typed
  for (const [name, value] of form) fields[name] = lists.includes(name) ? form.getAll(name) : value
  return fields
}

/** Parses by schema. Throws AppError invalid_request that names the first field at fault: `messages[0].role`. */
export function parseAs<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const param = issue === undefined || issue.path.length === 0 ? undefined : pathText(issue.path)
  const message = issue?.message ?? 'not understood'
  throw new AppError('invalid_request', param === undefined ? `The request body: ${message}.` : `'${param}': ${message}.`, { param })
}

/** The same for what a person entered on a page, which shows the schema's own sentence beside the field. */
export function parseEntered<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new AppError('invalid_request', issue?.message ?? 'This was not understood.', { param: issue === undefined ? undefined : pathText(issue.path) })
}

function pathText(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('')
}
