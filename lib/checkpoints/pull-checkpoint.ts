import { mkdir, readFile, readdir, rm, statfs } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/contract/errors'
import { MODEL_FILES } from '@/lib/checkpoints/checkpoint-files'
import { assertCheckpointName } from '@/lib/checkpoints/checkpoint-name'
import type { HubClient, HubFile, HubSnapshot } from '@/lib/checkpoints/hub-client'
import { downloadFile, matches } from '@/lib/checkpoints/hub-download'
import { assertNameIsFree, inspectCheckpoint } from '@/lib/checkpoints/import-checkpoint'
import type { CheckpointFolders } from '@/lib/checkpoints/import-checkpoint'
import { fileSystemError, placeCheckpoint } from '@/lib/checkpoints/place-checkpoint'
import { withPullLock } from '@/lib/checkpoints/pull-lock'
import { parseGpt2Config, readCheckpoint } from '@/lib/checkpoints/read-checkpoint'
import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import { WEIGHTS_FILE, WEIGHTS_INDEX_FILE, weightFiles } from '@/lib/checkpoints/safetensors-header'

export interface PullProgress {
  /** Bytes on the disk and in all; `total` grows once, when the shards of an index are known. */
  received: number
  total: number
  /** Of `received`, what an earlier try had left there. */
  resumed: number
}

export interface PullOptions extends CheckpointFolders {
  hub: HubClient
  /** `owner/name`, or `name` for the hub's oldest models. */
  repo: string
  revision: string | null
  /** What it is served as; the repository's own name unless told. */
  name?: string | undefined
  force: boolean
  onProgress: (progress: PullProgress) => void
}

export interface PulledCheckpoint {
  checkpoint: Checkpoint
  commit: string
  /** false: the same files stood there already. */
  downloaded: boolean
}

/** Files fetched beside the model's own because their licence may ask for it. */
const LICENCE_FILES = ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'NOTICE']

function refuse(repo: string, reason: string, cause?: unknown): AppError {
  return new AppError('invalid_request', `${repo} was not pulled. ${reason}`, { param: 'repo', cause })
}

/** The weights of the repository that can be read. Throws invalid_request where there are none. */
function weightCandidates(snapshot: HubSnapshot): string[] {
  if (snapshot.paths.includes(WEIGHTS_FILE)) return [WEIGHTS_FILE]
  if (snapshot.paths.includes(WEIGHTS_INDEX_FILE)) return [WEIGHTS_INDEX_FILE, ...snapshot.paths.filter((file) => /^[^/]+\.safetensors$/.test(file))]
  const other = snapshot.paths.find((file) => /^[^/]+\.(bin|h5|msgpack|ot|onnx|gguf|pt|pth|ckpt)$/.test(file))
  throw refuse(snapshot.repo, `It has no ${WEIGHTS_FILE}${other === undefined ? '' : `, only ${other}`}. Other weight formats are not read; --revision may name a state that has safetensors.`)
}

async function isAlreadyThere(target: string, files: readonly HubFile[]): Promise<boolean> {
  const weights = await weightFiles(target).catch((): string[] => [])
  const needed = files.filter((file) => !file.path.endsWith('.safetensors') || weights.includes(file.path))
  const checked = await Promise.all(needed.map((file) => matches(path.join(target, file.path), file)))
  return weights.length > 0 && checked.every(Boolean)
}

async function assertDiskHasRoom(dir: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dir)
  if (bavail * bsize >= bytes) return
  throw new AppError('model_unavailable', `The disk of ${dir} has ${Math.floor((bavail * bsize) / 1e6)} MB free, and ${Math.ceil(bytes / 1e6)} MB are still to come.`)
}

/** Fetches into the staging folder: the configuration first, so that another architecture costs no download of weights. */
async function fetchAll(options: PullOptions, snapshot: HubSnapshot, described: readonly HubFile[], staging: string): Promise<string[]> {
  let received = 0
  let resumed = 0
  const fetchFiles = async (files: readonly HubFile[], total: number) => {
    for (const file of files) {
      let first = true
      await downloadFile(options.hub, snapshot, file, staging, (bytes) => {
        if (first) resumed += bytes
        first = false
        received += bytes
        options.onProgress({ received, total, resumed })
      })
    }
  }
  const sum = (files: readonly HubFile[]) => files.reduce((bytes, file) => bytes + file.bytes, 0)
  const isShard = (file: HubFile) => file.path.endsWith('.safetensors')
  const early = described.filter((file) => !isShard(file))
  await fetchFiles(early.filter((file) => file.path === 'config.json'), sum(described))
  try {
    parseGpt2Config(await readFile(path.join(staging, 'config.json'), 'utf8'))
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    throw error instanceof AppError ? refuse(options.repo, error.message, error) : error
  }
  await fetchFiles(early.filter((file) => file.path !== 'config.json'), sum(described))

  const indexed = described.some((file) => file.path === WEIGHTS_INDEX_FILE)
  const names = indexed ? await weightFiles(staging) : [WEIGHTS_FILE]
  const missing = names.find((name) => !described.some((file) => file.path === name))
  if (missing !== undefined) throw refuse(options.repo, `Its index names ${missing}, which it does not have.`)
  const shards = described.filter((file) => names.includes(file.path))
  await assertDiskHasRoom(staging, sum(early) + sum(shards) - received)
  await fetchFiles(shards, sum(early) + sum(shards))
  return [...early, ...shards].map((file) => file.path)
}

/**
 * Pulls a GPT-2 repository from a hub into `$PARLEY_DATA/models`: only the files that are read here, continued
 * where an earlier try ended, each held against the hub's checksum, and placed in one step when all are there.
 * Throws AppError: not_found, insufficient_permissions, conflict, invalid_request (not a GPT-2, no safetensors),
 * model_unavailable (network, checksum, disk). What has arrived stays for the next try.
 */
export async function pullCheckpoint(options: PullOptions): Promise<PulledCheckpoint> {
  const name = options.name ?? options.repo
  assertCheckpointName(options.repo)
  assertCheckpointName(name)
  const models = path.resolve(options.dataDir, 'models')
  const target = path.join(models, name)

  const snapshot = await options.hub.snapshot(options.repo, options.revision)
  if (!snapshot.paths.includes('config.json')) throw refuse(options.repo, 'It has no config.json, so it is not a model in Hugging Face layout.')
  const described = await options.hub.describe(snapshot, [...MODEL_FILES, ...LICENCE_FILES, ...weightCandidates(snapshot)])
  if (await isAlreadyThere(target, described)) return { checkpoint: await readCheckpoint(target, name), commit: snapshot.commit, downloaded: false }
  if (!options.force) await assertNameIsFree(name, options)

  const staging = path.join(models, '.pulling', options.repo.replace('/', '--'))
  try {
    await mkdir(staging, { recursive: true })
    await withPullLock(`${staging}.lock`, options.repo, async () => {
      const files = await fetchAll(options, snapshot, described, staging)
      // What is left of an earlier state of the repository.
      for (const entry of await readdir(staging)) if (!files.includes(entry)) await rm(path.join(staging, entry), { recursive: true })
      await inspectCheckpoint(staging, name).catch(async (error: unknown) => {
        if (!(error instanceof AppError)) throw error
        await rm(staging, { recursive: true, force: true })
        throw refuse(options.repo, error.message, error)
      })
      await placeCheckpoint(staging, target, options.force)
    })
  } catch (error) {
    throw fileSystemError(error, `${options.repo} was not pulled`)
  }
  return { checkpoint: await readCheckpoint(target, name), commit: snapshot.commit, downloaded: true }
}
