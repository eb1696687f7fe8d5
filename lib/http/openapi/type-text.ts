import type { JsonSchema } from './json-schema'

/** A field as a table of the documentation shows it. */
export interface FieldRow {
  /** As it is written: `messages[].role`. */
  name: string
  type: string
  required: boolean
  description: string
}

/** The explained fields of an object, or of a list's objects, those within others behind them. */
export function fieldRows(schema: JsonSchema, prefix = ''): FieldRow[] {
  const within = objectOf(schema)
  if (within === null) return []
  const { properties = {}, required = [] } = within.schema
  return Object.entries(properties).flatMap(([field, property]) => {
    const name = `${prefix}${within.list && prefix === '' ? '[].' : ''}${field}`
    const { description = '' } = property
    const inner = objectOf(property)
    const rows = inner === null ? [] : fieldRows(inner.schema, `${name}${inner.list ? '[]' : ''}.`)
    return description === '' ? rows : [{ name, type: typeText(property), required: required.includes(field), description }, ...rows]
  })
}

/** The object that a schema is, or that it is a list of. */
function objectOf(schema: JsonSchema): { schema: JsonSchema; list: boolean } | null {
  if (schema.properties !== undefined) return { schema, list: false }
  if (schema.items?.properties !== undefined) return { schema: schema.items, list: true }
  for (const choice of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) {
    const found = objectOf(choice)
    if (found !== null) return found
  }
  return null
}

/** What a schema takes, in a few words: `number, 0 to 2, or null`. */
export function typeText(schema: JsonSchema): string {
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  if (choices.length > 0) {
    // An empty text stands for a field that is left out.
    const texts = choices.filter((choice) => choice['const'] !== '').map(typeText)
    return [...new Set(texts)].join(' or ')
  }
  if (typeof schema['const'] === 'string') return `"${schema['const']}"`
  const values = schema['enum']
  if (Array.isArray(values)) return values.filter((value) => value !== '').map((value) => JSON.stringify(value)).join(', ')
  const types = [schema.type ?? 'any'].flat()
  return types.map((type) => ofType(type, schema)).join(' or ')
}

function ofType(type: string, schema: JsonSchema): string {
  switch (type) {
    case 'string':
      return schema['contentMediaType'] === undefined ? 'text' : 'file'
    case 'integer':
      return `whole number${range(schema)}`
    case 'number':
      return `number${range(schema)}`
    case 'array':
      return `list of ${schema.items === undefined ? 'anything' : plural(typeText(schema.items))}`
    default:
      return type
  }
}

function range({ minimum, maximum }: JsonSchema): string {
  if (typeof minimum === 'number' && typeof maximum === 'number') return `, ${minimum} to ${maximum}`
  if (typeof minimum === 'number') return `, ${minimum} or more`
  return typeof maximum === 'number' ? `, at most ${maximum}` : ''
}

function plural(text: string): string {
  if (text === 'object') return 'objects'
  if (text === 'text') return 'texts'
  return text.startsWith('whole number') ? text.replace('whole number', 'whole numbers') : text
}
