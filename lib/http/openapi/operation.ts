import type { z } from 'zod'
import type { ErrorCode } from '@/lib/contract/errors'
import type { Scope } from '@/lib/domain/permissions'

/** What a field means, by its name; a field within another as `messages.role`. */
export type FieldTexts = Readonly<Record<string, string>>

export interface NamedSchema {
  /** In the document's components. */
  name: string
  schema: z.ZodType
  fields: FieldTexts
}

export interface OperationBody extends NamedSchema {
  /** `json` alone, `form or json`, or `multipart`, which brings files. */
  as: 'json' | 'form or json' | 'multipart'
  /** Fields that are files. */
  files?: readonly string[]
}

export interface OperationResponse {
  status: number
  description: string
  /** A JSON body; left out for a body of another kind, or none. */
  body?: NamedSchema
  /** The events of a stream, in place of the body where the request asked for one. */
  events?: NamedSchema
  /** Of a body that is no JSON. */
  mediaType?: string
}

/** One method of one public path: what it takes, answers and refuses. */
export interface ApiOperation {
  id: string
  method: 'GET' | 'POST' | 'DELETE'
  /** With variable parts in braces. */
  path: string
  dialect: 'openai' | 'deepl'
  group: string
  /** A title of a few words. */
  summary: string
  /** Paragraphs, divided by empty lines. */
  description: string
  /** A key needs one of them; an empty list: any key. */
  scopes: readonly Scope[]
  /** Variable parts of the path. */
  pathFields?: FieldTexts
  query?: NamedSchema
  body?: OperationBody
  response: OperationResponse
  /** Beside those that every operation may answer with. */
  errors: readonly ErrorCode[]
  /** Programs under docs/examples, by their names without endings; one may show several operations. */
  examples: readonly string[]
  /** Whether the answer is a model's work, and marked as such. */
  generated?: boolean
}

/** What any request may be answered with, whatever it asks for. */
export const COMMON_ERRORS: readonly ErrorCode[] = [
  'invalid_request',
  'unauthenticated',
  'invalid_api_key',
  'insufficient_permissions',
  'feature_disabled',
  'rate_limit_exceeded',
  'internal_error',
]

/** Of everything that a model works on. */
export const MODEL_ERRORS: readonly ErrorCode[] = [
  'content_policy_violation',
  'conflict',
  'payload_too_large',
  'insufficient_quota',
  'overloaded',
  'model_unavailable',
  'engine_unavailable',
]
