import { expect, it, test } from 'vitest'
import { fieldRows, typeText } from './type-text'

test.each([
  [{ type: 'number', minimum: 0, maximum: 2 }, 'number, 0 to 2'],
  [{ type: ['string', 'null'] }, 'text or null'],
  [{ type: 'string', enum: ['0', '1'] }, '"0", "1"'],
  [{ anyOf: [{ type: 'string', const: '' }, { type: 'string' }, { type: 'null' }] }, 'text or null'],
  [{ type: 'array', items: { type: 'integer', minimum: 0 } }, 'list of whole numbers, 0 or more'],
  [{ type: 'string', contentMediaType: 'application/octet-stream' }, 'file'],
  [{}, 'any'],
])('%j is said as %s', (schema, text) => {
  expect(typeText(schema)).toBe(text)
})

it('names fields as they are written, through objects, lists and choices', () => {
  const described = (more: object) => ({ description: 'It is.', ...more })
  const object = {
    properties: { a: described({ type: 'string' }), b: described({ type: 'array', items: { properties: { c: described({ type: 'integer' }), d: { type: 'string' } } } }) },
    required: ['a'],
  }
  expect(fieldRows(object).map(({ name, required }) => [name, required])).toEqual([
    ['a', true],
    ['b', false],
    ['b[].c', false],
  ])
  expect(fieldRows({ type: 'array', items: object }).map(({ name }) => name)).toEqual(['[].a', '[].b', '[].b[].c'])
  expect(fieldRows({ anyOf: [object, { type: 'null' }] })).toHaveLength(3)
})
