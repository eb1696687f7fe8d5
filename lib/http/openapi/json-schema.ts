import { z } from 'zod'
import type { FieldTexts, NamedSchema } from './operation'

/** As much of JSON Schema (2020-12) as is read here. */
export interface JsonSchema {
  [keyword: string]: unknown
  type?: string | string[] | undefined
  description?: string | undefined
  properties?: Record<string, JsonSchema> | undefined
  required?: string[] | undefined
  items?: JsonSchema | undefined
  anyOf?: JsonSchema[] | undefined
  oneOf?: JsonSchema[] | undefined
}

const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.looseObject({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    properties: z.record(z.string(), jsonSchema).optional(),
    required: z.array(z.string()).optional(),
    items: jsonSchema.optional(),
    anyOf: z.array(jsonSchema).optional(),
    oneOf: z.array(jsonSchema).optional(),
  }),
)

/** Says of a field that nothing can be sent in it. */
const IMPOSSIBLE = 'x-parley-impossible'

/**
 * A schema of lib/contract as JSON Schema: of a request what is taken (`input`), of a response what is
 * sent (`output`). Fields are explained by `fields`; those that are only there to be refused are left out.
 */
export function jsonSchemaOf({ schema, fields }: Pick<NamedSchema, 'schema' | 'fields'>, io: 'input' | 'output', files: readonly string[] = []): JsonSchema {
  const made = jsonSchema.parse(z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'undefined') Object.assign(jsonSchema, { [IMPOSSIBLE]: true })
    },
  }))
  // Which dialect it is stands once in the document.
  delete made['$schema']
  return explained(made, fields, files, '')
}

function explained(schema: JsonSchema, fields: FieldTexts, files: readonly string[], at: string): JsonSchema {
  const { properties, items, required, anyOf, oneOf, ...rest } = schema
  const within = (one: JsonSchema): JsonSchema => explained(one, fields, files, at)
  const choices = (all: readonly JsonSchema[]): JsonSchema[] => all.filter((one) => !isImpossible(one)).flatMap(alternatives).map(within)
  const field = ([name, property]: [string, JsonSchema]): [string, JsonSchema][] => {
    if (isImpossible(property)) return []
    const path = at === '' ? name : `${at}.${name}`
    const made = files.includes(path) ? { type: 'string', contentMediaType: 'application/octet-stream' } : explained(property, fields, files, path)
    const description = fields[path]
    return [[name, description === undefined ? made : { description, ...made }]]
  }
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([keyword, value]) => !isNoLimit(keyword, value))),
    ...(properties === undefined ? {} : { properties: Object.fromEntries(Object.entries(properties).flatMap(field)) }),
    ...(required === undefined ? {} : { required }),
    ...(items === undefined ? {} : { items: within(items) }),
    ...(anyOf === undefined ? {} : { anyOf: choices(anyOf) }),
    ...(oneOf === undefined ? {} : { oneOf: choices(oneOf) }),
  }
}

/** A choice within a choice is one. */
function alternatives(schema: JsonSchema): JsonSchema[] {
  const { anyOf, ...rest } = schema
  return anyOf === undefined || Object.keys(rest).length > 0 ? [schema] : anyOf.flatMap(alternatives)
}

/** What every whole number keeps to; and that an answer will never have another field, which is not promised. */
function isNoLimit(keyword: string, value: unknown): boolean {
  if (keyword === 'additionalProperties') return value === false
  return (keyword === 'maximum' || keyword === 'minimum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER
}

function isImpossible(schema: JsonSchema): boolean {
  return schema[IMPOSSIBLE] === true || (schema.anyOf?.every(isImpossible) ?? false)
}
