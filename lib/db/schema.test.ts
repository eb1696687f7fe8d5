import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { useDatabase } from './testing/database'
import { withConnection } from './testing/tenant'

const database = useDatabase()

const SCHEMA = readFileSync(fileURLToPath(new URL('../../prisma/schema.prisma', import.meta.url)), 'utf8')

/** PostgreSQL's name of each scalar that the schema uses. */
const TYPES: Record<string, string> = {
  String: 'text',
  Int: 'int4',
  BigInt: 'int8',
  Boolean: 'bool',
  Bytes: 'bytea',
  Json: 'jsonb',
  '@db.Uuid': 'uuid',
  '@db.Date': 'date',
  '@db.Timestamptz(3)': 'timestamptz',
}

const blocks = [...SCHEMA.matchAll(/^(model|enum) (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, kind = '', name = '', body = '']) => ({
  kind,
  name,
  lines: body.split('\n').map((line) => line.trim()),
  mapped: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name,
}))
const enums = new Map(blocks.filter(({ kind }) => kind === 'enum').map((block) => [block.name, block]))
const models = new Map(blocks.filter(({ kind }) => kind === 'model').map((block) => [block.name, block]))

/** `table.column type`, with `[]` for a list and `?` for what may be null, as the schema has it. */
function declared(): string[] {
  return [...models.values()].flatMap(({ mapped, lines }) =>
    lines.flatMap((line) => {
      const [, field = '', type = '', mark = '', attributes = ''] = /^(\w+)\s+(\w+)(\[\]|\?)?\s*(.*)$/.exec(line) ?? []
      if (field === '' || models.has(type)) return []
      const column = /@map\("(\w+)"\)/.exec(attributes)?.[1] ?? field
      const native = /@db\.\w+(\(\d\))?/.exec(attributes)?.[0]
      const stored = enums.get(type)?.mapped ?? TYPES[native ?? type] ?? `unknown ${type}`
      return [`${mapped}.${column} ${stored}${mark}`]
    }),
  )
}

it('every column of the schema is one of the database, of the same type, and no other is there', async () => {
  const { rows } = await withConnection(database.ownerUrl, (client) =>
    client.query<{ column: string }>(`
      SELECT format('%s.%s %s%s', table_name, column_name, ltrim(udt_name, '_'),
        CASE WHEN data_type = 'ARRAY' THEN '[]' WHEN is_nullable = 'YES' THEN '?' ELSE '' END) AS column
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`),
  )
  expect(declared().length).toBeGreaterThan(80)
  expect(rows.map(({ column }) => column).sort()).toEqual(declared().sort())
})

it('every enum has the same values in the same order', async () => {
  const { rows } = await withConnection(database.ownerUrl, (client) =>
    client.query<{ name: string; values: string[] }>(`
      SELECT t.typname AS name, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS values
      FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname`),
  )
  const found = Object.fromEntries(rows.map(({ name, values }) => [name, values]))
  const wanted = [...enums.values()].map(({ mapped, lines }) => [mapped, lines.filter((line) => /^\w+$/.test(line))] as const)
  expect(found).toEqual(Object.fromEntries(wanted))
})

it('every unique key of the schema is one of the database', async () => {
  const { rows } = await withConnection(database.ownerUrl, (client) =>
    client.query<{ key: string }>(`
      SELECT format('%s(%s)', c.relname, string_agg(a.attname, ',' ORDER BY k.place)) AS key
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      CROSS JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY AS k(number, place)
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
      WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique AND i.indpred IS NULL AND c.relname <> '_prisma_migrations'
      GROUP BY c.relname, i.indexrelid`),
  )
  const wanted = [...models.values()].flatMap(({ mapped, lines }) => {
    const columnOf = (field: string) => {
      const line = lines.find((candidate) => candidate.startsWith(`${field} `)) ?? ''
      return /@map\("(\w+)"\)/.exec(line)?.[1] ?? field
    }
    return lines.flatMap((line) => {
      const many = /^@@(?:id|unique)\(\[([\w, ]+)\]\)/.exec(line)?.[1]
      const one = /^(\w+) .*@(?:id|unique)\b/.exec(line)?.[1]
      const fields = many?.split(', ') ?? (one === undefined ? [] : [one])
      return fields.length === 0 ? [] : [`${mapped}(${fields.map(columnOf).join(',')})`]
    })
  })
  expect(rows.map(({ key }) => key).sort()).toEqual(wanted.sort())
})
