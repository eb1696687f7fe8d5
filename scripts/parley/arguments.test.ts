import { expect, test } from 'vitest'
import { parseExpiry, parsePlan, parseQuota, parseScopes, parseTime } from './arguments'

test.each([
  ['2026-11-01', '2026-11-01T00:00:00.000Z'],
  ['2026-11-01T12:30:00Z', '2026-11-01T12:30:00.000Z'],
  ['2026-11-01T12:30:00', '2026-11-01T12:30:00.000Z'],
  ['2026-11-01T12:30:00+02:00', '2026-11-01T10:30:00.000Z'],
  ['1793491200', '2026-11-01T00:00:00.000Z'],
])('the time %s is %s', (text, iso) => {
  expect(parseTime(text).toISOString()).toBe(iso)
})

test.each(['', 'yesterday', '2026-02-31', '2026-13-01', '01/11/2026', '12'])('%j is no time', (text) => {
  expect(() => parseTime(text)).toThrow(/It is a time/)
})

test('an expiry is a time or a span from now, and never in the past', () => {
  const now = new Date('2026-11-24T00:00:00Z')
  expect(parseExpiry('36h', now).toISOString()).toBe('2026-11-25T12:00:00.000Z')
  expect(parseExpiry('2w', now).toISOString()).toBe('2026-12-08T00:00:00.000Z')
  expect(parseExpiry('2027-01-31', now).toISOString()).toBe('2027-01-31T00:00:00.000Z')
  expect(() => parseExpiry('2026-11-24', now)).toThrow(/passed/)
  expect(() => parseExpiry('0d', now)).toThrow(/passed/)
})

test('scopes are a list, given at once or one by one', () => {
  expect(parseScopes('chat,translate', undefined)).toEqual(['chat', 'translate'])
  expect(parseScopes('usage', ['chat'])).toEqual(['chat', 'usage'])
  expect(() => parseScopes('chat,everything', undefined)).toThrow(/list of chat/)
  expect(() => parseScopes('', undefined)).toThrow()
})

test.each(['-1', '1.5', '1e3', 'many', '99999999999999999999'])('%j is no quota', (text) => {
  expect(() => parseQuota(text)).toThrow(/whole number/)
})

test('plans and quotas are taken as they are', () => {
  expect(parseQuota('0')).toBe(0)
  expect(parsePlan('enterprise')).toBe('enterprise')
  expect(() => parsePlan('gold')).toThrow(/free, pro, enterprise/)
})
