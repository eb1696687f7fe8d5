import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'

/**
 * sha256 over the names and contents of files and of all files in folders, relative to `root`. What does
 * not exist counts as absent, so that a file that comes or goes changes the hash too.
 * @param ignore tells, for a path relative to `root`, what does not matter
 */
export async function sourceHash(root: string, entries: readonly string[], ignore: (relative: string) => boolean): Promise<string> {
  const hash = createHash('sha256')
  for (const entry of [...entries].sort()) {
    for (const file of await filesOf(root, entry)) {
      if (ignore(file)) continue
      hash.update(`${file}\0`).update(await readFile(path.join(root, file))).update('\0')
    }
  }
  return hash.digest('hex')
}

async function filesOf(root: string, entry: string): Promise<string[]> {
  const state = await stat(path.join(root, entry)).catch(() => null)
  if (state === null) return []
  if (state.isFile()) return [entry]
  const listed = await readdir(path.join(root, entry), { recursive: true, withFileTypes: true })
  return listed.flatMap((item) => (item.isFile() ? [path.relative(root, path.join(item.parentPath, item.name))] : [])).sort()
}
