import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { isAlive, tryLock, type FileLock } from '../file-lock'
import { freePort } from '../free-port'
import { startGuarded, type GuardedChild } from '../guarded-child'
import { lastLines, runProgram } from '../run-program'
import { SetupError } from '../setup-error'
import { clusterFolder, postgresPrograms, type PostgresPrograms } from './postgres-files'
import { postgresUser, type SystemUser } from './postgres-user'

const OWNER = 'parley_owner'
const DATABASE = 'parley'
const MAJOR_VERSION = '18'
const START_MS = 60_000
const STOP_GRACE_MS = 20_000

export interface EmbeddedDatabase {
  /** postgresql:// address as the owner of everything in it. */
  ownerUrl: string
  pid: number
  /** Something that its user should know. */
  note: string | null
  exited: GuardedChild['exited']
  /** Ends connections, writes everything out and stops the server. */
  stop(): Promise<void>
}

/**
 * Starts the embedded PostgreSQL over the cluster in `dataFolder`, making the cluster the first time.
 * It listens on the loopback alone. One process at a time has a cluster.
 * @param port a free one unless given
 * @param waitMs how long to wait for another process that has it
 * @throws SetupError when it is in use, or does not start
 */
export async function startEmbedded(options: { dataFolder: string; password: string; port?: number; waitMs?: number }): Promise<EmbeddedDatabase> {
  const lock = await takeCluster(path.resolve(options.dataFolder), options.waitMs ?? 0)
  try {
    return await startLocked(path.resolve(options.dataFolder), options.password, options.port ?? (await freePort()), lock)
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function takeCluster(dataFolder: string, waitMs: number): Promise<FileLock> {
  const until = Date.now() + waitMs
  for (;;) {
    const lock = await tryLock(path.join(dataFolder, 'postgres.lock')).catch((error: unknown) => {
      throw new SetupError(`The data folder ${dataFolder} cannot be written`, 'set PARLEY_DATA to a folder that this user may write', { cause: error })
    })
    if ('release' in lock) return lock
    if (Date.now() >= until) {
      throw new SetupError(`The embedded database in ${dataFolder} is in use by another process (${lock.holder})`, 'wait for it or stop it, or set PARLEY_DATA to another folder')
    }
    await sleep(250)
  }
}

async function startLocked(dataFolder: string, password: string, port: number, lock: FileLock): Promise<EmbeddedDatabase> {
  const user = await postgresUser()
  const programs = await postgresPrograms(user)
  const { folder, note } = await clusterFolder(dataFolder, user)
  await createCluster(programs, folder, password, user)
  await clearStalePid(folder)
  const logFile = path.join(dataFolder, 'logs/postgres.log')
  await mkdir(path.dirname(logFile), { recursive: true })
  const settings = [`port=${port.toString()}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=100', 'timezone=UTC', 'log_timezone=UTC']
  const server = await startGuarded(programs.postgres, ['-D', folder, ...settings.flatMap((setting) => ['-c', setting])], {
    cwd: folder,
    env: serverEnv(),
    logFile,
    stopSignal: 'SIGINT',
    uid: user?.uid,
    gid: user?.gid,
  })
  const stop = async () => {
    await server.stop(STOP_GRACE_MS)
    await lock.release()
  }
  const address = (database: string) => `postgresql://${OWNER}:${encodeURIComponent(password)}@127.0.0.1:${port.toString()}/${database}`
  try {
    await untilReady(address('postgres'), server, logFile)
    await createDatabase(address('postgres'))
  } catch (error) {
    await stop()
    throw error
  }
  return { ownerUrl: address(DATABASE), pid: server.pid, note, exited: server.exited, stop }
}

/** The user's own PGHOST and the like must not reach the server. */
function serverEnv(): NodeJS.ProcessEnv {
  return { NODE_ENV: process.env.NODE_ENV, PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
}

/** initdb works beside the place and the finished cluster is moved there: a half-made one is never used. */
async function createCluster(programs: PostgresPrograms, folder: string, password: string, user: SystemUser | null): Promise<void> {
  const version = await readFile(path.join(folder, 'PG_VERSION'), 'utf8').catch(() => null)
  if (version !== null) {
    if (version.trim() === MAJOR_VERSION) return
    throw new SetupError(`The database in ${folder} was made by PostgreSQL ${version.trim()}, this is ${MAJOR_VERSION}`, `move its data over by pg_dump of version ${version.trim()}, or set PARLEY_DATA to a new folder`)
  }
  const scratch = path.join(folder, 'new')
  await rm(scratch, { recursive: true, force: true })
  const passwordFile = path.join(folder, 'password')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (user !== null) await chown(passwordFile, user.uid, user.gid)
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const args = [`--pgdata=${scratch}`, `--username=${OWNER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', ...locale]
  const identity = user === null ? {} : { uid: user.uid, gid: user.gid }
  const result = await runProgram(programs.initdb, args, { cwd: folder, env: serverEnv(), ...identity })
  await rm(passwordFile, { force: true })
  if (result.code !== 0) throw new SetupError(`initdb could not make the database in ${folder}:\n${lastLines(result.stderr)}`, 'check the free space of that disk, or set PARLEY_DATA to another folder')
  const finished = `${folder}.new`
  await rm(finished, { recursive: true, force: true })
  await rename(scratch, finished)
  await rm(folder, { recursive: true })
  await rename(finished, folder)
}

/**
 * A server that a killed process left behind is stopped. A postmaster.pid whose process is some other
 * program by now (after a restart of the machine) is removed; PostgreSQL itself deals with a dead one.
 */
async function clearStalePid(folder: string): Promise<void> {
  const file = path.join(folder, 'postmaster.pid')
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return
  if (!(await commandLine(pid)).includes(folder)) {
    await rm(file, { force: true })
    return
  }
  process.kill(pid, 'SIGINT')
  const until = Date.now() + STOP_GRACE_MS
  while (isAlive(pid)) {
    await sleep(100)
    if (Date.now() > until) throw new SetupError(`A database server of an earlier run (process ${pid.toString()}) does not stop`, `end it: kill -QUIT ${pid.toString()}`)
  }
}

async function commandLine(pid: number): Promise<string> {
  const listed = await readFile(`/proc/${pid.toString()}/cmdline`, 'utf8').catch(() => null)
  return listed?.replaceAll('\0', ' ') ?? (await runProgram('ps', ['-p', pid.toString(), '-o', 'command='])).stdout
}

async function untilReady(url: string, server: GuardedChild, logFile: string): Promise<void> {
  const state = { ended: false }
  void server.exited.then(() => {
    state.ended = true
  })
  const until = Date.now() + START_MS
  let complaint: unknown
  while (Date.now() < until) {
    await sleep(50)
    if (state.ended) {
      const log = await readFile(logFile, 'utf8').catch(() => '')
      throw new SetupError(`The embedded database ended while it started:\n${lastLines(log)}`, `see ${logFile}`)
    }
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
    try {
      await client.connect()
      return
    } catch (error) {
      complaint = error
      if (error instanceof pg.DatabaseError && error.code === '28P01') {
        throw new SetupError('The embedded database does not accept the password in secrets.json', 'restore secrets.json beside it, or set PARLEY_DATA to a new folder', { cause: error })
      }
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  throw new SetupError(`The embedded database did not answer within ${(START_MS / 1000).toString()} s`, `see ${logFile}`, { cause: complaint })
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}
