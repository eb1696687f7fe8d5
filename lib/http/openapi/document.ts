import { deeplError } from '@/lib/contract/deepl'
import { AppError, type ErrorCode } from '@/lib/contract/errors'
import { openaiError } from '@/lib/contract/openai'
import { statusOf, type Dialect } from '../error-response'
import { jsonSchemaOf, type JsonSchema } from './json-schema'
import { API_OPERATIONS } from './operations'
import { COMMON_ERRORS, type ApiOperation, type NamedSchema, type OperationBody } from './operation'

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description: string
  schema: JsonSchema
}

interface Reference {
  $ref: string
}

interface MediaType {
  schema: Reference | JsonSchema
}

interface OperationObject {
  operationId: string
  tags: string[]
  summary: string
  description: string
  parameters?: Parameter[]
  requestBody?: { required: true; content: Record<string, MediaType> }
  responses: Record<string, { description: string; headers?: Record<string, Reference>; content?: Record<string, MediaType> }>
  security: Record<string, string[]>[]
}

export interface OpenApiDocument {
  openapi: '3.1.1'
  info: { title: string; version: string; description: string; license: { name: string; identifier: string } }
  servers: { url: string }[]
  jsonSchemaDialect: string
  tags: { name: string }[]
  paths: Record<string, Record<string, OperationObject>>
  components: {
    schemas: Record<string, JsonSchema>
    headers: Record<string, { description: string; schema: JsonSchema }>
    securitySchemes: Record<string, Record<string, string>>
  }
}

const ERROR_SCHEMAS: Record<ApiOperation['dialect'], NamedSchema> = {
  openai: {
    name: 'Error',
    schema: openaiError,
    fields: {
      error: 'What went wrong.',
      'error.message': 'A sentence for people.',
      'error.type': 'A class of errors, as OpenAI has them.',
      'error.param': 'The request’s field at fault.',
      'error.code': 'One word for programs.',
    },
  },
  deepl: { name: 'TranslationError', schema: deeplError, fields: { message: 'A sentence for people.' } },
}

const HEADERS: Record<string, string> = {
  'x-request-id': 'Names this request in the ledger, the usage export and the logs.',
  'x-ratelimit-limit-requests': 'Requests a minute.',
  'x-ratelimit-remaining-requests': 'How many of them are left now.',
  'x-ratelimit-reset-requests': 'When all of them are there again, as in `1m30s`.',
  'x-ratelimit-limit-tokens': 'Tokens a minute.',
  'x-ratelimit-remaining-tokens': 'How many of them are left now.',
  'x-ratelimit-reset-tokens': 'When all of them are there again.',
  'x-parley-generated': '`true`: a language model wrote this answer.',
  'x-parley-model': 'Which one.',
  'retry-after': 'Seconds after which a repeat makes sense.',
}

const GENERATED_HEADERS = ['x-parley-generated', 'x-parley-model']
const EVERY_HEADER = Object.keys(HEADERS).filter((name) => name !== 'retry-after' && !GENERATED_HEADERS.includes(name))

/** The document of the whole public API, made of the schemas that its routes validate with. */
export function openApiDocument(version: string): OpenApiDocument {
  const schemas: Record<string, JsonSchema> = {}
  const reference = (named: NamedSchema | OperationBody, io: 'input' | 'output'): Reference => {
    schemas[named.name] ??= jsonSchemaOf(named, io, 'files' in named ? named.files : [])
    return { $ref: `#/components/schemas/${named.name}` }
  }
  const paths: OpenApiDocument['paths'] = {}
  for (const operation of API_OPERATIONS) (paths[operation.path] ??= {})[operation.method.toLowerCase()] = operationObject(operation, reference)
  return {
    openapi: '3.1.1',
    info: {
      title: 'Parley',
      version,
      description: 'Chat, completions and translation. What stands under /v1 speaks as OpenAI’s API does, what stands under /v2 as DeepL’s; their official clients work.',
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    tags: [...new Set(API_OPERATIONS.map(({ group }) => group))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      headers: Object.fromEntries(Object.entries(HEADERS).map(([name, description]) => [name, { description, schema: { type: 'string' } }])),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: '`Authorization: Bearer KEY`' },
        deeplAuthKey: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`Authorization: DeepL-Auth-Key KEY`, as DeepL’s clients send it.' },
      },
    },
  }
}

type ReferenceTo = (named: NamedSchema | OperationBody, io: 'input' | 'output') => Reference

function operationObject(operation: ApiOperation, reference: ReferenceTo): OperationObject {
  const { id, group, summary, description, body, scopes } = operation
  const parameters = parametersOf(operation)
  return {
    operationId: id,
    tags: [group],
    summary,
    description,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf(body, reference(body, 'input')) } }),
    responses: responsesOf(operation, reference),
    security: ['bearer', 'deeplAuthKey'].flatMap((scheme) => (scopes.length === 0 ? [{ [scheme]: [] }] : scopes.map((scope) => ({ [scheme]: [scope] })))),
  }
}

/** Of the path, the query and the headers. */
export function parametersOf({ method, path, pathFields = {}, query }: ApiOperation): Parameter[] {
  const found: Parameter[] = [...path.matchAll(/\{(\w+)\}/gu)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: pathFields[name] ?? '',
    schema: { type: 'string' },
  }))
  if (query !== undefined) {
    const { properties = {}, required = [] } = jsonSchemaOf(query, 'input')
    for (const [name, { description = '', ...schema }] of Object.entries(properties)) found.push({ name, in: 'query', required: required.includes(name), description, schema })
  }
  if (method === 'POST') {
    found.push({ name: 'Idempotency-Key', in: 'header', required: false, description: 'A text of your own: the same request with the same key is done once.', schema: { type: 'string', maxLength: 255 } })
  }
  return found
}

const CONTENT_TYPES: Record<OperationBody['as'], readonly string[]> = {
  json: ['application/json'],
  'form or json': ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
  multipart: ['multipart/form-data'],
}

function contentOf({ as }: OperationBody, schema: Reference): Record<string, MediaType> {
  return Object.fromEntries(CONTENT_TYPES[as].map((type) => [type, { schema }]))
}

function responsesOf(operation: ApiOperation, reference: ReferenceTo): OperationObject['responses'] {
  const { dialect, response, generated = false } = operation
  const content: Record<string, MediaType> = {}
  if (response.body !== undefined) content['application/json'] = { schema: reference(response.body, 'output') }
  if (response.events !== undefined) content['text/event-stream'] = { schema: reference(response.events, 'output') }
  if (response.mediaType !== undefined) content[response.mediaType] = { schema: { type: 'string' } }
  const headers = [...EVERY_HEADER, ...(generated ? GENERATED_HEADERS : [])]
  const error = { 'application/json': { schema: reference(ERROR_SCHEMAS[dialect], 'output') } }
  const refusals = [...errorsByStatus(operation)].map(([status, codes]): [string, OperationObject['responses'][string]] => [
    String(status),
    { description: codes.map((code) => `\`${code}\``).join(', '), headers: headersOf([...EVERY_HEADER, ...(status === 429 || status >= 500 ? ['retry-after'] : [])]), content: error },
  ])
  return {
    [String(response.status)]: { description: response.description, headers: headersOf(headers), ...(Object.keys(content).length === 0 ? {} : { content }) },
    ...Object.fromEntries(refusals),
  }
}

function headersOf(names: readonly string[]): Record<string, Reference> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

/** What an operation may be refused with, by the status that its dialect has for it, in order. */
export function errorsByStatus({ dialect, errors }: ApiOperation): Map<number, ErrorCode[]> {
  const found = new Map<number, ErrorCode[]>()
  for (const code of [...COMMON_ERRORS, ...errors]) {
    const status = errorStatus(dialect, code)
    found.set(status, [...(found.get(status) ?? []), code])
  }
  return new Map([...found].sort(([one], [other]) => one - other))
}

export function errorStatus(dialect: Dialect, code: ErrorCode): number {
  return statusOf(dialect, new AppError(code, ''))
}
