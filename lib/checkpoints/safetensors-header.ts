import { open, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { AppError } from '@/lib/contract/errors'

/**
 * The headers of a checkpoint's weights: where each tensor lies, without reading a weight.
 * Format: https://huggingface.co/docs/safetensors (8 bytes of length, JSON, then the data).
 */

const BYTES_PER_ELEMENT: Readonly<Record<string, number>> = {
  BOOL: 1, U8: 1, I8: 1, F8_E4M3: 1, F8_E5M2: 1,
  U16: 2, I16: 2, F16: 2, BF16: 2,
  U32: 4, I32: 4, F32: 4,
  U64: 8, I64: 8, F64: 8,
}

/** The format's own limit; a larger length means that the file is something else. */
const MAX_HEADER_BYTES = 100_000_000

export const WEIGHTS_FILE = 'model.safetensors'
export const WEIGHTS_INDEX_FILE = 'model.safetensors.index.json'

export interface TensorEntry {
  name: string
  dtype: string
  shape: readonly number[]
  /** Absolute path of the file that holds it. */
  file: string
  /** Byte offsets from the start of that file; `end` is exclusive. */
  start: number
  end: number
}

const headerSchema = z.record(
  z.string(),
  z.object({
    dtype: z.string(),
    shape: z.array(z.number().int().nonnegative()),
    data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
  }),
)

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

function broken(file: string, reason: string, cause?: unknown): AppError {
  return new AppError('model_unavailable', `${path.basename(file)} cannot be read: ${reason}.`, { cause })
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw broken(file, 'it does not hold valid JSON where it should', cause)
  }
}

async function readHeaderBytes(file: string): Promise<{ text: string; dataStart: number; size: number }> {
  const handle = await open(file).catch((cause: unknown) => {
    throw broken(file, 'it is missing or may not be opened', cause)
  })
  try {
    const { size } = await handle.stat()
    const prefix = Buffer.alloc(8)
    if ((await handle.read(prefix, 0, 8, 0)).bytesRead < 8) throw broken(file, `it ends after ${size} bytes, before its header`)
    const length = prefix.readBigUInt64LE(0)
    if (length > BigInt(MAX_HEADER_BYTES)) throw broken(file, `its first bytes are not a safetensors header (length ${length.toString()})`)
    const header = Buffer.alloc(Number(length))
    const { bytesRead } = await handle.read(header, 0, header.length, 8)
    if (bytesRead < header.length) throw broken(file, `it is cut off: its header wants ${header.length} bytes and ${bytesRead} are there`)
    return { text: header.toString('utf8'), dataStart: 8 + header.length, size }
  } finally {
    await handle.close()
  }
}

/** Tensors must fill the file from the header to its end, without a hole or an overlap. */
function checkLayout(file: string, entries: readonly TensorEntry[], dataStart: number, size: number): void {
  const inOrder = [...entries].sort((a, b) => a.start - b.start || a.end - b.end)
  let position = dataStart
  for (const entry of inOrder) {
    if (entry.start !== position) throw broken(file, `tensor ${entry.name} does not begin where the one before it ends`)
    position = entry.end
  }
  if (position > size) throw broken(file, `it is cut off: its tensors want ${position} bytes and ${size} are there`)
  if (position < size) throw broken(file, `${size - position} bytes follow its last tensor`)
}

/**
 * Reads one `.safetensors` file's header and checks it against the file's length.
 * Throws AppError model_unavailable that names the file and, where one is at fault, the tensor.
 */
export async function readSafetensorsHeader(file: string): Promise<ReadonlyMap<string, TensorEntry>> {
  const { text, dataStart, size } = await readHeaderBytes(file)
  const raw = parseJson(file, text)
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw broken(file, 'its header is not a JSON object')
  const parsed = headerSchema.safeParse(Object.fromEntries(Object.entries(raw).filter(([name]) => name !== '__metadata__')))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw broken(file, `its header is wrong at ${issue?.path.join('.') ?? 'its root'}: ${issue?.message ?? 'unknown'}`)
  }
  const entries = Object.entries(parsed.data).map(([name, { dtype, shape, data_offsets: [begin, end] }]): TensorEntry => {
    const width = BYTES_PER_ELEMENT[dtype]
    if (width === undefined) throw broken(file, `tensor ${name} has the unknown type ${dtype}`)
    const wanted = shape.reduce((product, side) => product * side, width)
    if (end - begin !== wanted) throw broken(file, `tensor ${name} [${shape.join(', ')}] ${dtype} wants ${wanted} bytes and has ${end - begin}`)
    return { name, dtype, shape, file, start: dataStart + begin, end: dataStart + end }
  })
  checkLayout(file, entries, dataStart, size)
  return new Map(entries.map((entry) => [entry.name, entry]))
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then((found) => found.isFile(), () => false)
}

async function readWeightMap(indexFile: string): Promise<Record<string, string>> {
  const text = await readFile(indexFile, 'utf8').catch((cause: unknown) => {
    throw broken(indexFile, 'it may not be opened', cause)
  })
  const parsed = indexSchema.safeParse(parseJson(indexFile, text))
  if (!parsed.success) throw broken(indexFile, 'it has no weight_map from tensor names to file names')
  for (const shard of Object.values(parsed.data.weight_map)) {
    if (shard !== path.basename(shard) || !shard.endsWith('.safetensors')) throw broken(indexFile, `it points outside its folder (${shard})`)
  }
  return parsed.data.weight_map
}

/** File names of a checkpoint's weights: one, or the shards of its index. Throws model_unavailable where there are none. */
export async function weightFiles(dir: string): Promise<string[]> {
  if (await isFile(path.join(dir, WEIGHTS_FILE))) return [WEIGHTS_FILE]
  const indexFile = path.join(dir, WEIGHTS_INDEX_FILE)
  if (await isFile(indexFile)) return [...new Set(Object.values(await readWeightMap(indexFile)))].sort()
  throw new AppError('model_unavailable', `The folder has neither ${WEIGHTS_FILE} nor ${WEIGHTS_INDEX_FILE}; other weight formats are not read.`)
}

/**
 * Every tensor of a checkpoint folder under its stored name, over all shards.
 * Throws AppError model_unavailable: no weights, a broken file, a shard that lacks what the index promises.
 */
export async function readCheckpointHeaders(dir: string): Promise<ReadonlyMap<string, TensorEntry>> {
  const files = await weightFiles(dir)
  const tensors = new Map<string, TensorEntry>()
  for (const name of files) {
    for (const entry of (await readSafetensorsHeader(path.join(dir, name))).values()) {
      if (tensors.has(entry.name)) throw broken(entry.file, `tensor ${entry.name} also stands in another shard`)
      tensors.set(entry.name, entry)
    }
  }
  if (!files.includes(WEIGHTS_FILE)) {
    const indexFile = path.join(dir, WEIGHTS_INDEX_FILE)
    for (const [tensor, shard] of Object.entries(await readWeightMap(indexFile))) {
      const entry = tensors.get(tensor)
      if (entry === undefined || path.basename(entry.file) !== shard) throw broken(path.join(dir, shard), `tensor ${tensor} is missing, which the index places there`)
    }
  }
  return tensors
}
