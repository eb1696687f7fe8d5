import { execFileSync, spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isAlive } from '../file-lock'
import { checkDatabase } from './check-database'
import { startEmbedded, type EmbeddedDatabase } from './embedded-postgres'
import { clusterFolder, removeCluster } from './postgres-files'
import { postgresUser } from './postgres-user'

const PASSWORD = 'a password with spaces & signs: @/?#%'
let dataFolder: string
let running: EmbeddedDatabase | null = null

beforeAll(async () => {
  // A private folder: as root, PostgreSQL's user cannot reach it, and the cluster has to stand elsewhere.
  dataFolder = await mkdtemp(path.join(tmpdir(), 'parley-postgres-'))
  await chmod(dataFolder, 0o700)
})
afterAll(async () => {
  await running?.stop()
  await removeCluster(dataFolder)
  await rm(dataFolder, { recursive: true, force: true })
})

async function start(): Promise<EmbeddedDatabase> {
  running = await startEmbedded({ dataFolder, password: PASSWORD })
  return running
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(text)
    return rows
  } finally {
    await client.end()
  }
}

test('a database that was stopped has its rows at the next start, in a private folder too', async () => {
  const first = await start()
  await query(first.ownerUrl, "create table kept as select 'Grüße' as word")
  await first.stop()
  expect(isAlive(first.pid)).toBe(false)
  const second = await start()
  expect(await query(second.ownerUrl, 'select word from kept')).toEqual([{ word: 'Grüße' }])
  await checkDatabase(second.ownerUrl)
})

test('a second process is refused while one has the cluster', async () => {
  await expect(startEmbedded({ dataFolder, password: PASSWORD })).rejects.toThrow('is in use by another process')
})

test('a wrong password and a database that does not exist are told apart', async () => {
  const url = new URL(running?.ownerUrl ?? '')
  url.pathname = '/elsewhere'
  await expect(checkDatabase(url.href)).rejects.toThrow('There is no database "elsewhere"')
  url.password = 'wrong'
  await expect(checkDatabase(url.href)).rejects.toThrow('refuses the user parley_owner')
})

test('a server that was killed recovers at the next start', async () => {
  const killed = running
  process.kill(killed?.pid ?? 0, 'SIGKILL')
  await killed?.exited
  await killed?.stop()
  const next = await start()
  expect(await query(next.ownerUrl, 'select count(*)::int as n from kept')).toEqual([{ n: 1 }])
})

test('a postmaster.pid that names another program by now is no hindrance', async () => {
  await running?.stop()
  const { folder } = await clusterFolder(dataFolder, await postgresUser())
  const other = spawn('sleep', ['600'])
  await writeFile(path.join(folder, 'postmaster.pid'), `${String(other.pid)}\n`)
  const next = await start()
  other.kill()
  expect(Number((await readFile(path.join(folder, 'postmaster.pid'), 'utf8')).split('\n')[0])).toBe(next.pid)
})

test('the server listens on the loopback alone', () => {
  const port = Number(new URL(running?.ownerUrl ?? '').port)
  const table = execFileSync('cat', ['/proc/net/tcp', '/proc/net/tcp6'], { encoding: 'utf8' })
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const listening = table.split('\n').filter((line) => line.includes(`:${hex} `) && line.includes(' 0A '))
  expect(listening.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${hex}`])
})
