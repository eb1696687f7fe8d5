import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cacheFolder, replaceEntry, verifiedManifest, writeManifest } from './binding-cache'

let folder: string
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'parley-cache-')), 'entry')
  await replaceEntry(folder, async (scratch) => {
    await mkdir(path.join(scratch, 'deps'))
    await writeFile(path.join(scratch, 'deps/library'), 'machine code')
    const sha256 = createHash('sha256').update('machine code').digest('hex')
    await writeManifest(scratch, { files: [{ path: 'deps/library', bytes: 12, sha256 }], package: 'tensorflow-cpu', version: '2.21.0', gpu: false })
  })
})
afterEach(() => rm(path.dirname(folder), { recursive: true, force: true }))

const library = () => path.join(folder, 'deps/library')

test('an intact entry is accepted, at once and again', async () => {
  expect((await verifiedManifest(folder))?.version).toBe('2.21.0')
  expect((await verifiedManifest(folder))?.version).toBe('2.21.0')
})

test('a file of the same length with other bytes is noticed, before and after a first check', async () => {
  await verifiedManifest(folder)
  await writeFile(library(), 'MACHINE CODE')
  expect(await verifiedManifest(folder)).toBeNull()
  await rm(path.join(folder, 'verified.json'))
  expect(await verifiedManifest(folder)).toBeNull()
})

test('a file cut short, a missing file and a missing manifest are noticed', async () => {
  await writeFile(library(), 'machine')
  expect(await verifiedManifest(folder)).toBeNull()
  await rm(library())
  expect(await verifiedManifest(folder)).toBeNull()
  await rm(path.join(folder, 'manifest.json'))
  expect(await verifiedManifest(folder)).toBeNull()
})

test('a file that was only touched is checked in full and accepted', async () => {
  await verifiedManifest(folder)
  const { mtime } = await stat(library())
  await utimes(library(), mtime, new Date(mtime.getTime() + 5000))
  expect(await verifiedManifest(folder)).not.toBeNull()
})

test('a build that fails leaves the entry that was there, and nothing else', async () => {
  const failing = replaceEntry(folder, async (scratch) => {
    await writeFile(path.join(scratch, 'half'), '')
    throw new Error('disk full')
  })
  await expect(failing).rejects.toThrow('disk full')
  expect(await readFile(library(), 'utf8')).toBe('machine code')
  await expect(stat(`${folder}.building`)).rejects.toThrow('ENOENT')
})

test('the cache stands where PARLEY_CACHE says, else in the cache folder of the user', () => {
  expect(cacheFolder({ PARLEY_CACHE: '/big/disk', XDG_CACHE_HOME: '/xdg' })).toBe('/big/disk')
  expect(cacheFolder({ PARLEY_CACHE: undefined, XDG_CACHE_HOME: '/xdg' })).toBe('/xdg/parley')
  expect(cacheFolder({ PARLEY_CACHE: undefined, XDG_CACHE_HOME: undefined })).toMatch(/\/\.cache\/parley$/)
})
