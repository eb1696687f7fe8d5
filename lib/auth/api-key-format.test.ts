import { expect, it } from 'vitest'
import { newApiKey, parseApiKey } from './api-key-format'

it('a new key parses to its own prefix and hash', () => {
  const { key, prefix, hash } = newApiKey()
  expect(key).toMatch(/^pk_[0-9A-Za-z]{46}$/)
  expect(key.startsWith(prefix)).toBe(true)
  expect(prefix).toHaveLength(11)
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(parseApiKey(key)).toEqual({ prefix, hash })
})

it('no two keys are alike', () => {
  expect(new Set(Array.from({ length: 200 }, () => newApiKey().hash)).size).toBe(200)
})

it('a key with any one character changed, added or missing is told without a database', () => {
  const { key } = newApiKey()
  for (let place = 0; place < key.length; place += 1) {
    const other = key[place] === 'a' ? 'b' : 'a'
    expect(parseApiKey(key.slice(0, place) + other + key.slice(place + 1)), `character ${place}`).toBeNull()
    expect(parseApiKey(key.slice(0, place) + key.slice(place + 1)), `without ${place}`).toBeNull()
  }
  for (const text of ['', 'pk_', `${key} `, `${key}\n`, `sk_${key.slice(3)}`]) expect(parseApiKey(text)).toBeNull()
})
