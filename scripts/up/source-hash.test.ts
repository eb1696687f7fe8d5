import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sourceHash } from './source-hash'

let root: string
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'parley-sources-'))
  await mkdir(path.join(root, 'app/chat'), { recursive: true })
  await writeFile(path.join(root, 'app/chat/page.tsx'), 'one')
  await writeFile(path.join(root, 'tsconfig.json'), '{}')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const hash = () => sourceHash(root, ['app', 'tsconfig.json', 'next.config.js'], (file) => file.endsWith('.test.ts'))

test('the hash stays while nothing changes', async () => {
  expect(await hash()).toBe(await hash())
})

test('a changed, a new, a renamed and a vanished file each change it', async () => {
  const seen = new Set([await hash()])
  await writeFile(path.join(root, 'app/chat/page.tsx'), 'two')
  seen.add(await hash())
  await writeFile(path.join(root, 'next.config.js'), '')
  seen.add(await hash())
  await rm(path.join(root, 'app/chat/page.tsx'))
  seen.add(await hash())
  await writeFile(path.join(root, 'app/chat/other.tsx'), 'two')
  seen.add(await hash())
  expect(seen.size).toBe(5)
})

test('what is ignored does not count', async () => {
  const before = await hash()
  await writeFile(path.join(root, 'app/chat/page.test.ts'), 'test')
  expect(await hash()).toBe(before)
})
