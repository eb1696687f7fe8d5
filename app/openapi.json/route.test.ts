import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { z } from 'zod'
import * as deepl from '@/lib/contract/deepl'
import * as documents from '@/lib/contract/deepl-documents'
import * as feedback from '@/lib/contract/deepl-feedback'
import * as glossaries from '@/lib/contract/deepl-glossaries'
import * as openai from '@/lib/contract/openai'
import type { OpenApiDocument } from '@/lib/http/openapi/document'
import type { JsonSchema } from '@/lib/http/openapi/json-schema'
import { API_OPERATIONS, operationOf } from '@/lib/http/openapi/operations'
import { ROUTE_ACCESS } from '../api/route-access'
import { GET } from './route'

const APP = path.resolve(import.meta.dirname, '..')

// What the app itself made; the tests below look at all of it.
const fetchDocument = async () => (await GET().json()) as OpenApiDocument

/** The public path of a route's folder, its variable parts without their names. */
const publicShape = (folder: string) => folder.replace(/^api/, '').replaceAll(/\[+(?:\.\.\.)?\w+\]+/gu, '{}')
const shapeOf = (pathname: string) => pathname.replaceAll(/\{\w+\}/gu, '{}')

const keyRows = ROUTE_ACCESS.flatMap(({ path: folder, methods, credential }) =>
  credential.kind === 'key' ? methods.map((method) => ({ folder, method, dialect: credential.dialect, scopes: [...credential.scopes].sort() })) : [],
)

it('describes every method of every public route, its dialect and its scopes, and no other', () => {
  const routes = keyRows.map(({ folder, method, dialect, scopes }) => ({ call: `${method} ${publicShape(folder)}`, dialect, scopes }))
  const described = API_OPERATIONS.map(({ method, path: pathname, dialect, scopes }) => ({ call: `${method} ${shapeOf(pathname)}`, dialect, scopes: [...scopes].sort() }))
  const byCall = (one: { call: string }, other: { call: string }) => one.call.localeCompare(other.call)
  expect(described.sort(byCall)).toEqual(routes.sort(byCall))
})

describe('each operation', () => {
  const contract = Object.entries({ ...openai, ...deepl, ...documents, ...feedback, ...glossaries })
  test.each(API_OPERATIONS.map((operation) => [operation.id, operation] as const))('%s is found by its path, and its route validates by the documented schema', async (_, operation) => {
    const { method, path: pathname, body, query } = operation
    expect(operationOf(method, pathname.replaceAll(/\{\w+\}/gu, 'some-id'))).toBe(operation)
    const row = keyRows.find(({ folder, method: one }) => one === method && publicShape(folder) === shapeOf(pathname))
    const source = await readFile(path.join(APP, row?.folder ?? '', 'route.ts'), 'utf8')
    for (const named of [body, query]) {
      if (named === undefined) continue
      const [name = `the schema ${named.name}, which lib/contract exports`] = contract.find(([, value]) => value === named.schema) ?? []
      expect(source).toMatch(new RegExp(`\\b${name}\\b`))
    }
  })
})

/** Every object within, with where it stands. */
function* within(value: unknown, at = '#'): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield [at, value as Record<string, unknown>]
  for (const [name, inner] of Object.entries(value)) yield* within(inner, `${at}/${name}`)
}

// zod's own reader, whose type of a schema is a closed one.
const read = (schema: JsonSchema) => z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])

function resolve(document: unknown, reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((value, part) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined), document)
}

describe('the document', () => {
  it('is OpenAPI 3.1, with names that are used once and parameters for every variable part', async () => {
    const response = GET()
    expect(response.headers.get('cache-control')).toMatch(/public/)
    const document = await fetchDocument()
    expect(document.openapi).toMatch(/^3\.1\.\d$/)
    expect(document.info).toMatchObject({ title: 'Parley', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as unknown })
    const ids: string[] = []
    for (const [pathname, methods] of Object.entries(document.paths)) {
      const variables = [...pathname.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name)
      for (const operation of Object.values(methods)) {
        ids.push(operation.operationId)
        const ofPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
        expect(ofPath.map(({ name }) => name)).toEqual(variables)
        for (const { name, description } of operation.parameters ?? []) expect(description, `${operation.operationId}, ${name}`).not.toBe('')
        expect(Object.keys(operation.responses).every((status) => /^[2-5]\d\d$/.test(status))).toBe(true)
      }
    }
    expect(new Set(ids).size).toBe(API_OPERATIONS.length)
  })

  it('refers to nothing that is not there, and leaves nothing unused', async () => {
    const document = await fetchDocument()
    const references = new Set([...within(document)].flatMap(([, { $ref }]) => (typeof $ref === 'string' ? [$ref] : [])))
    expect(references.size).toBeGreaterThan(20)
    for (const reference of references) expect(resolve(document, reference), reference).toBeDefined()
    for (const name of Object.keys(document.components.schemas)) expect(references).toContain(`#/components/schemas/${name}`)
  })

  it('has schemas that are JSON Schema: known types, required fields that exist, patterns that compile', async () => {
    const { components } = await fetchDocument()
    const types = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])
    for (const [name, schema] of Object.entries(components.schemas)) {
      // The way back is one more proof that it can be read.
      expect(() => read(schema), name).not.toThrow()
      for (const [at, part] of within(schema, name)) {
        const { type, properties, required, pattern, enum: values, $ref } = part as JsonSchema
        if (at.endsWith('/properties')) continue
        if (type !== undefined) for (const one of [type].flat()) expect(types, at).toContain(one)
        if (required !== undefined) expect(Object.keys(properties ?? {}), at).toEqual(expect.arrayContaining(required))
        if (typeof pattern === 'string') expect(() => new RegExp(pattern, 'u'), at).not.toThrow()
        if (values !== undefined) expect(values, at).not.toEqual([])
        expect($ref, at).toBeUndefined()
      }
    }
  })

  it('takes and refuses what the routes do', async () => {
    const { components } = await fetchDocument()
    const chat = read(components.schemas['ChatCompletionRequest'] ?? {})
    const translate = read(components.schemas['TranslateRequest'] ?? {})
    expect(chat.safeParse({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], stop: ['a'], temperature: 0.5 }).success).toBe(true)
    expect(chat.safeParse({ model: 'm', messages: [], temperature: 0.5 }).success).toBe(false)
    expect(chat.safeParse({ model: 'm', messages: [{ role: 'tool', content: 'Hi' }] }).success).toBe(false)
    expect(translate.safeParse({ text: ['Hi'], target_lang: 'FR', preserve_formatting: '1' }).success).toBe(true)
    expect(translate.safeParse({ text: ['Hi'], target_lang: 'Klingon?' }).success).toBe(false)
  })

  it('explains every field that is sent or answered', async () => {
    const { components } = await fetchDocument()
    for (const [name, { properties = {} }] of Object.entries(components.schemas)) {
      for (const [field, { description }] of Object.entries(properties)) expect(description, `${name}.${field}`).toMatch(/\S/)
    }
  })
})
