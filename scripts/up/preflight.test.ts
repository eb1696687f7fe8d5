import { expect, test } from 'vitest'
import { parseEnv } from '@/lib/contract/env'
import { assertWritable, checkSafety, isLoopback, localAddress } from './preflight'

const check = (settings: Record<string, string>) => checkSafety(parseEnv(settings))

test('the defaults are safe', () => {
  expect(check({})).toEqual([])
})

test('a worker that others can reach needs a token', () => {
  expect(() => check({ WORKER_HOST: '0.0.0.0' })).toThrow('WORKER_TOKEN is not set')
  expect(check({ WORKER_HOST: '0.0.0.0', WORKER_TOKEN: 'a long random text' })).toEqual([])
})

test('a secret that can be guessed is refused', () => {
  expect(() => check({ NEXTAUTH_SECRET: 'secret' })).toThrow('NEXTAUTH_SECRET')
})

test('addresses that are none are named', () => {
  expect(() => check({ NEXTAUTH_URL: 'parley.example.com' })).toThrow('NEXTAUTH_URL')
  expect(() => check({ WORKER_URL: '10.0.0.5:8000' })).toThrow('WORKER_URL')
})

test('listening for others without an https address of its own is warned of', () => {
  expect(check({ HOST: '0.0.0.0' })[0]).toContain('NEXTAUTH_URL')
  expect(check({ HOST: '0.0.0.0', NEXTAUTH_URL: 'http://parley.example.com' })[0]).toContain('https')
  expect(check({ HOST: '0.0.0.0', NEXTAUTH_URL: 'https://parley.example.com' })).toEqual([])
})

test('loopback addresses are known in all their forms', () => {
  expect(['127.0.0.1', '127.0.5.9', 'localhost', '::1'].map(isLoopback)).toEqual([true, true, true, true])
  expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com'].map(isLoopback)).toEqual([false, false, false, false])
})

test('what listens everywhere is reached over the loopback', () => {
  expect(localAddress('0.0.0.0', 3000)).toBe('http://127.0.0.1:3000')
  expect(localAddress('::1', 3000)).toBe('http://[::1]:3000')
  expect(localAddress('10.0.0.7', 80)).toBe('http://10.0.0.7:80')
})

test('a data folder that cannot be made is told', async () => {
  await expect(assertWritable('/dev/null/data')).rejects.toThrow('The data folder /dev/null/data cannot be written')
})
