import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { access, mkdir, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { lastLines, runProgram } from '../run-program'
import { messageOf, SetupError } from '../setup-error'
import { megabytes, type Progress } from '../step-printer'
import { knownSha256, wheelFileName, type WheelChoice } from './wheel-choice'

/** What the tensorflow_cpu wheel weighs, for the progress bar while pip says nothing. */
const USUAL_BYTES = 275e6
const PIPS: readonly (readonly string[])[] = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']]

/**
 * Brings the wheel to this machine and returns its path (a local file stays where it is).
 * A wheel whose sha256 is known must have it.
 * @throws SetupError when it cannot be had or is not the known file
 */
export async function fetchWheel(choice: WheelChoice, folder: string, progress: Progress): Promise<string> {
  const file = choice.source.kind === 'pip' ? await pipDownload(choice.source, folder, progress) : await fetchFile(choice.source.location, folder, progress)
  const expected = knownSha256(path.basename(file))
  if (expected !== null) {
    progress('verifying the wheel')
    const found = await sha256OfFile(file)
    if (found !== expected) {
      throw new SetupError(`${path.basename(file)} is not the file it should be: its sha256 is ${found}, expected ${expected}`, 'fetch it again')
    }
  }
  return file
}

export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

export interface PipRequest {
  package: string
  /** An exact version or pip's version specifiers. */
  version: string
  platformTag: string
}

/** Downloads one wheel through whichever pip is installed; no Python of a certain version is needed. */
export async function pipDownload(request: PipRequest, folder: string, progress: Progress): Promise<string> {
  const pip = await findPip()
  const target = path.join(folder, request.package)
  const scratch = path.join(folder, 'pip')
  await mkdir(target, { recursive: true })
  await mkdir(scratch, { recursive: true })
  const requirement = /^\d/.test(request.version) ? `${request.package}==${request.version}` : `${request.package}${request.version}`
  const timer = setInterval(() => {
    void folderBytes(folder).then((bytes) => {
      progress(`downloading, ${megabytes(bytes)}`, request.package.startsWith('tensorflow') ? bytes / USUAL_BYTES : undefined)
    })
  }, 500)
  const [program = 'pip', ...leading] = pip
  const args = ['download', '--no-deps', '--only-binary=:all:', '--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311', '--abi', 'none']
  const limits = ['--retries', '2', '--timeout', '30', '--no-input', '--disable-pip-version-check', '--progress-bar', 'off']
  const result = await runProgram(program, [...leading, ...args, ...limits, ...platforms(request.platformTag), '--dest', target, requirement], {
    env: { ...process.env, TMPDIR: scratch },
  })
  clearInterval(timer)
  const [wheel] = (await readdir(target)).filter((name) => name.endsWith('.whl'))
  if (result.code !== 0 || wheel === undefined) {
    throw new SetupError(
      `pip could not download ${requirement}: ${pipComplaint(result.stderr || result.stdout)}`,
      'check the network and the package index that pip uses, or put the wheel on this machine and set PARLEY_TENSORFLOW_WHEEL to its path',
    )
  }
  return path.join(target, wheel)
}

/** Its errors without the retries that led to them. */
function pipComplaint(output: string): string {
  const errors = output.split('\n').flatMap((line) => (line.startsWith('ERROR: ') ? [line.slice('ERROR: '.length)] : []))
  return errors.length > 0 ? lastLines(errors.join('\n'), 2).replaceAll('\n', '; ') : lastLines(output, 3)
}

/** Older glibc tags run here too, and NVIDIA's wheels carry them. */
function platforms(tag: string): string[] {
  const architecture = tag.replace(/^manylinux_\d+_\d+_/, '')
  return [tag, `manylinux_2_17_${architecture}`, `manylinux2014_${architecture}`].flatMap((platform) => ['--platform', platform])
}

async function findPip(): Promise<readonly string[]> {
  for (const candidate of PIPS) {
    const [program = 'pip', ...leading] = candidate
    const { code } = await runProgram(program, [...leading, '--version'], { timeoutMs: 20_000 })
    if (code === 0) return candidate
  }
  throw new SetupError(
    'pip is not installed, and it is what fetches the TensorFlow wheel',
    'install Python 3 with pip (Debian: apt-get install python3-pip), or download the tensorflow-cpu wheel elsewhere and set PARLEY_TENSORFLOW_WHEEL to its path or https address',
  )
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const sizes = await Promise.all(names.map((name) => stat(path.join(folder, name)).then((state) => (state.isFile() ? state.size : 0), () => 0)))
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function fetchFile(location: string, folder: string, progress: Progress): Promise<string> {
  if (!/^https?:/.test(location)) {
    const readable = await access(location).then(() => true, () => false)
    if (!readable) throw new SetupError(`PARLEY_TENSORFLOW_WHEEL is not a readable file: ${location}`, 'correct the path, or unset it to let pip fetch the wheel')
    return location
  }
  if (location.startsWith('http:')) throw new SetupError(`PARLEY_TENSORFLOW_WHEEL is not an https address: ${location}`, 'use https, or a local path')
  const target = path.join(folder, wheelFileName(location))
  await mkdir(folder, { recursive: true })
  try {
    const response = await fetch(location)
    if (!response.ok || response.body === null) throw new Error(`it answered ${response.status.toString()}`)
    const total = Number(response.headers.get('content-length') ?? USUAL_BYTES)
    let bytes = 0
    // fetch's body is the web's ReadableStream, which Node declares twice under two names.
    const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>)
    body.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length
      progress(`downloading, ${megabytes(bytes)}`, bytes / total)
    })
    await pipeline(body, createWriteStream(target))
  } catch (error) {
    // fetch itself says no more than that it failed.
    const reason = messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
    throw new SetupError(`The wheel could not be downloaded from ${location}: ${reason}`, 'check the address and the network', { cause: error })
  }
  return target
}
