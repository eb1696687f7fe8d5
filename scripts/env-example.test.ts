import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { envSchema, parseEnv } from '@/lib/contract/env'

const example = await readFile(new URL('../.env.example', import.meta.url), 'utf8')
const lines = [...example.matchAll(/^# ([A-Z_]+)=(.*)$/gm)]

test('.env.example describes every variable, and no other', () => {
  expect(lines.map(([, name]) => name).sort()).toEqual(Object.keys(envSchema.shape).sort())
})

test('the values in .env.example are the defaults, where a variable has one', () => {
  const defaults = parseEnv({})
  const withDefault = Object.entries(defaults).filter(([, value]) => value !== undefined)
  for (const [name, value] of withDefault) {
    const shown = lines.find(([, listed]) => listed === name)?.[2]
    expect(shown, name).toBe(typeof value === 'boolean' ? (value ? '1' : '0') : typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
})
