import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { extractWheel, parseRecord, readWheelText } from './wheel-archive'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parley-wheel-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const LIBRARY = Buffer.from('machine code '.repeat(5000))
const digest = (content: Buffer) => createHash('sha256').update(content).digest()
const recordLine = (member: string, content: Buffer) => `${member},sha256=${digest(content).toString('base64url')},${content.length.toString()}`

/** A zip file by APPNOTE.TXT: local headers with deflated contents, the central directory, its end. */
function zip(members: Readonly<Record<string, Buffer>>): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(members)) {
    const packed = deflateRawSync(content)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, rest, Buffer.from(name)]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(central.length, 4)
  end.writeUInt16LE(central.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end])
}

async function wheel(record: string, bytes = (content: Buffer) => content): Promise<string> {
  const file = path.join(folder, 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl')
  const members = { 'tensorflow/lib.so.2': LIBRARY, 'tensorflow/other.py': Buffer.from('pass'), 'tensorflow-2.21.0.dist-info/RECORD': Buffer.from(record) }
  await writeFile(file, bytes(zip(members)))
  return file
}

const place = (member: string) => (member.endsWith('.so.2') ? path.join(folder, 'out', path.basename(member)) : null)

test('wanted members alone are written, whole, with their sha256, and progress reaches the end', async () => {
  const parts: number[] = []
  const extracted = await extractWheel(await wheel(recordLine('tensorflow/lib.so.2', LIBRARY)), place, (_text, part = 0) => parts.push(part))
  const file = path.join(folder, 'out/lib.so.2')
  expect(extracted).toEqual([{ member: 'tensorflow/lib.so.2', file, bytes: LIBRARY.length, sha256: digest(LIBRARY).toString('hex') }])
  expect((await readFile(file)).equals(LIBRARY)).toBe(true)
  expect(parts.at(-1)).toBe(1)
})

test('a member that RECORD does not list, or lists with another sha256, is refused by name', async () => {
  await expect(extractWheel(await wheel(''), place, () => undefined)).rejects.toThrow('RECORD does not list tensorflow/lib.so.2')
  const wrong = recordLine('tensorflow/lib.so.2', Buffer.from('something else'))
  await expect(extractWheel(await wheel(wrong), place, () => undefined)).rejects.toThrow('tensorflow/lib.so.2 has not the sha256')
})

test('a wheel that is cut short or has a flipped byte is refused', async () => {
  const record = recordLine('tensorflow/lib.so.2', LIBRARY)
  const cut = await wheel(record, (content) => content.subarray(0, content.length - 100))
  await expect(extractWheel(cut, place, () => undefined)).rejects.toThrow('not a readable wheel')
  const flipped = await wheel(record, (content) => {
    const changed = Buffer.from(content)
    changed.writeUInt8(changed.readUInt8(120) ^ 0xff, 120)
    return changed
  })
  await expect(extractWheel(flipped, place, () => undefined)).rejects.toThrow('is damaged')
})

test('the text of a member can be read alone', async () => {
  expect(await readWheelText(await wheel('x'), /other\.py$/)).toBe('pass')
  expect(await readWheelText(await wheel('x'), /METADATA$/)).toBeNull()
})

test('RECORD is read with quoted names, and lines without a hash are passed over', () => {
  const hashes = parseRecord('a/b.so,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"a,b ""c"".h",sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=,0\r\nd/RECORD,,\n')
  expect([...hashes.keys()]).toEqual(['a/b.so', 'a,b "c".h'])
  expect(hashes.get('a/b.so')).toBe(createHash('sha256').digest('hex'))
})
