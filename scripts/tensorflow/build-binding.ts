import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, readlink, rm, stat, symlink } from 'node:fs/promises'
import path from 'node:path'
import { withFileLock } from '../file-lock'
import { SetupError } from '../setup-error'
import type { Progress } from '../step-printer'
import { COMPILE_FLAGS, compileAddon, findCompiler, NAPI_VERSION, neededHeader } from './addon-compiler'
import { replaceEntry, verifiedManifest, writeManifest, type BindingManifest } from './binding-cache'
import { fetchCudaLibraries } from './cuda-libraries'
import { extractWheel, type ExtractedFile } from './wheel-archive'
import type { WheelChoice } from './wheel-choice'
import { fetchWheel, sha256OfFile } from './wheel-download'

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']
/** The names that the linker looks for; the loader follows the ones with a version. */
const LINKER_NAMES: readonly [string, string][] = [
  ['libtensorflow.so', 'libtensorflow_cc.so.2'],
  ['libtensorflow_framework.so', 'libtensorflow_framework.so.2'],
]
/** Folders of a cache entry that stand in the package as links. */
const LINKED = ['lib', 'deps']
const ADDON = `lib/napi-v${NAPI_VERSION.toString()}/tfjs_binding.node`

export interface BuiltBinding {
  /** The cache entry: `lib/napi-v8/tfjs_binding.node`, `deps/lib/`, and `deps/cuda/` on a GPU. */
  folder: string
  manifest: BindingManifest
}

/**
 * The cache entry for this wheel, Node and binding source: the one that is there and intact, or a new one.
 * @param packageFolder node_modules/@tensorflow/tfjs-node-gpu
 * @throws SetupError saying what is missing
 */
export async function builtBinding(options: { choice: WheelChoice; cache: string; packageFolder: string; progress: Progress }): Promise<BuiltBinding> {
  const { choice, progress } = options
  const sources = path.join(options.packageFolder, 'binding')
  const folder = path.join(options.cache, 'tensorflow', await entryName(choice, sources))
  progress('looking in the cache')
  const present = await verifiedManifest(folder)
  if (present !== null) return { folder, manifest: present }
  const waiting = (holder: string) => {
    progress(`waiting for the process that builds it already (${holder})`)
  }
  return withFileLock(`${folder}.lock`, waiting, async () => {
    const meanwhile = await verifiedManifest(folder)
    if (meanwhile !== null) return { folder, manifest: meanwhile }
    const compiler = await findCompiler(process.env)
    await replaceEntry(folder, (scratch) => buildEntry({ choice, scratch, sources, compiler, progress }))
    const manifest = await verifiedManifest(folder)
    if (manifest === null) throw new SetupError(`The cache under ${folder} changed while it was written`, 'check the disk, then try again')
    return { folder, manifest }
  })
}

async function buildEntry(options: { choice: WheelChoice; scratch: string; sources: string; compiler: string; progress: Progress }): Promise<void> {
  const { choice, scratch, progress } = options
  const downloads = path.join(scratch, 'downloads')
  const include = path.join(scratch, 'include')
  const libraries = path.join(scratch, 'deps/lib')
  progress('downloading')
  const wheel = await fetchWheel(choice, downloads, progress)
  const place = (member: string) => {
    const library = LIBRARIES.find((name) => member === `tensorflow/${name}`)
    if (library !== undefined) return path.join(libraries, library)
    const header = neededHeader(member)
    return header === null ? null : path.join(include, header)
  }
  const extracted = await extractWheel(wheel, place, progress)
  const kept = extracted.filter(({ file }) => file.startsWith(libraries))
  if (kept.length !== LIBRARIES.length) {
    throw new SetupError(`${path.basename(wheel)} holds no ${LIBRARIES.join(' and ')}`, 'use the wheel of TensorFlow 2.21 for Linux')
  }
  for (const [link, target] of LINKER_NAMES) await symlink(target, path.join(libraries, link))
  if (choice.gpu) {
    const platformTag = choice.source.kind === 'pip' ? choice.source.platformTag : 'manylinux_2_27_x86_64'
    kept.push(...(await fetchCudaLibraries({ tensorflowWheel: wheel, platformTag, downloads, folder: path.join(scratch, 'deps/cuda'), progress })))
  }
  progress('compiling')
  const addon = path.join(scratch, ADDON)
  await compileAddon({ compiler: options.compiler, sources: options.sources, include, libraries, output: addon })
  await rm(downloads, { recursive: true, force: true })
  await rm(include, { recursive: true, force: true })
  const { package: name, version } = wheelIdentity(path.basename(wheel))
  const compiled: ExtractedFile = { member: ADDON, file: addon, bytes: (await stat(addon)).size, sha256: await sha256OfFile(addon) }
  await writeManifest(scratch, {
    files: [...kept, compiled].map(({ file, bytes, sha256 }) => ({ path: path.relative(scratch, file), bytes, sha256 })),
    package: name,
    version,
    gpu: choice.gpu,
  })
}

/** Whatever changes the outcome is part of the name, so that an entry never needs to be updated. */
async function entryName(choice: WheelChoice, sources: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([COMPILE_FLAGS, LIBRARIES, LINKER_NAMES, choice.gpu]))
  for (const name of (await readdir(sources)).sort()) hash.update(name).update(await readFile(path.join(sources, name)))
  return `${choice.id}-abi${process.versions.modules}-${hash.digest('hex').slice(0, 12)}`
}

function wheelIdentity(fileName: string): { package: string; version: string } {
  const [name = 'tensorflow', version = 'unknown'] = fileName.split('-')
  return { package: name.replace('_', '-'), version }
}

/**
 * Puts the cache entry where the package looks for its addon, and the addon for TensorFlow's libraries.
 * Returns whether anything had to change.
 */
export async function linkBinding(binding: BuiltBinding, packageFolder: string): Promise<boolean> {
  const present = await Promise.all(LINKED.map((name) => readlink(path.join(packageFolder, name)).catch(() => null)))
  if (LINKED.every((name, index) => present[index] === path.join(binding.folder, name))) return false
  await unlinkBinding(packageFolder)
  await mkdir(packageFolder, { recursive: true })
  for (const name of LINKED) await symlink(path.join(binding.folder, name), path.join(packageFolder, name))
  return true
}

/** Takes away what `linkBinding` (or an install script of the package) left there. */
export async function unlinkBinding(packageFolder: string): Promise<void> {
  for (const name of LINKED) await rm(path.join(packageFolder, name), { recursive: true, force: true })
}
