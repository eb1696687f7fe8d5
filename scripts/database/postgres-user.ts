import { stat } from 'node:fs/promises'
import path from 'node:path'
import { runProgram } from '../run-program'
import { SetupError } from '../setup-error'

export interface SystemUser {
  name: string
  uid: number
  gid: number
}

/** PostgreSQL refuses to run as root: the user whom it runs as then. Null for anyone else, who runs it himself. */
export async function postgresUser(): Promise<SystemUser | null> {
  if (process.getuid?.() !== 0) return null
  const known = (await findUser('postgres')) ?? (await findUser('parley-postgres'))
  if (known !== null) return known
  await runProgram('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'parley-postgres'], { timeoutMs: 20_000 })
  const user = (await findUser('parley-postgres')) ?? (await findUser('nobody'))
  if (user === null) throw new SetupError('PostgreSQL does not run as root, and no other user could be made for it', 'run as an ordinary user, or set DATABASE_URL to a database of your own')
  return user
}

async function findUser(name: string): Promise<SystemUser | null> {
  const [uid, gid] = await Promise.all([runProgram('id', ['-u', name]), runProgram('id', ['-g', name])])
  return uid.code === 0 && gid.code === 0 ? { name, uid: Number(uid.stdout), gid: Number(gid.stdout) } : null
}

/** The first folder on the way to `target` that the user may not pass; null where it can be reached. */
export async function barrier(target: string, user: SystemUser): Promise<string | null> {
  const parents: string[] = []
  for (let folder = path.dirname(path.resolve(target)); ; folder = path.dirname(folder)) {
    parents.unshift(folder)
    if (folder === path.dirname(folder)) break
  }
  for (const folder of parents) {
    const state = await stat(folder).catch(() => null)
    if (state === null) return null
    const bit = state.uid === user.uid ? 0o100 : state.gid === user.gid ? 0o010 : 0o001
    if ((state.mode & bit) === 0) return folder
  }
  return null
}
