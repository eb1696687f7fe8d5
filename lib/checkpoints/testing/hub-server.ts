import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HubRepository {
  commit: string
  files: Map<string, Buffer>
  /** Only this token may fetch files. */
  gatedFor?: string
}

/** What goes wrong with one answer: taken from the list in order, one an answer that carries a file's bytes. */
export type HubFailure =
  | { kind: 'drop'; afterBytes: number }
  | { kind: 'stall'; afterBytes: number }
  | { kind: 'status'; status: number }
  | { kind: 'wrong-bytes' }
  | { kind: 'ignore-range' }

export interface SeenRequest {
  origin: 'hub' | 'cdn'
  method: string
  path: string
  range: string | undefined
  authorization: string | undefined
}

export interface HubServer {
  endpoint: string
  repositories: Map<string, HubRepository>
  failures: HubFailure[]
  seen: SeenRequest[]
  /** false: a mirror that answers `/api/models/…` and `/resolve/` alone. */
  keepsTree: boolean
  close(): Promise<void>
}

/** The hub keeps weights in large-file storage and everything else in git. */
function isLarge(path: string): boolean {
  return /\.(safetensors|bin)$/.test(path)
}

function gitSha1(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is never a string.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server on loopback that answers as the hub does, and a second one, on another origin, that holds the large files. */
export async function startHubServer(): Promise<HubServer> {
  const repositories = new Map<string, HubRepository>()
  const failures: HubFailure[] = []
  const seen: SeenRequest[] = []
  const state = { keepsTree: true }

  const note = (origin: 'hub' | 'cdn', request: IncomingMessage): URL => {
    const url = new URL(request.url ?? '/', 'http://loopback')
    seen.push({ origin, method: request.method ?? '', path: url.pathname, range: request.headers.range, authorization: request.headers.authorization })
    return url
  }

  const refuse = (response: ServerResponse, status: number, code: string) => {
    response.writeHead(status, code === '' ? {} : { 'x-error-code': code }).end(JSON.stringify({ error: code }))
  }

  const sendContent = (request: IncomingMessage, response: ServerResponse, content: Buffer, headers: Record<string, string>) => {
    const failure = request.method === 'HEAD' ? undefined : failures.shift()
    if (failure?.kind === 'status') {
      refuse(response, failure.status, '')
      return
    }
    const offset = failure?.kind === 'ignore-range' ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const part = Buffer.from(content.subarray(offset))
    if (failure?.kind === 'wrong-bytes') part.writeUInt8(part.readUInt8(part.length - 1) ^ 1, part.length - 1)
    const ranged = request.headers.range !== undefined && failure?.kind !== 'ignore-range'
    response.writeHead(ranged ? 206 : 200, {
      ...headers,
      'accept-ranges': 'bytes',
      'content-length': part.length,
      ...(ranged ? { 'content-range': `bytes ${offset}-${content.length - 1}/${content.length}` } : {}),
    })
    if (request.method === 'HEAD') response.end()
    else if (failure?.kind === 'drop') response.write(part.subarray(0, failure.afterBytes), () => response.destroy())
    else if (failure?.kind === 'stall') response.write(part.subarray(0, failure.afterBytes))
    else response.end(part)
  }

  const cdn = createServer((request, response) => {
    const [, repo, path] = note('cdn', request).pathname.split('/').map(decodeURIComponent)
    const content = repositories.get(repo ?? '')?.files.get(path ?? '')
    if (content === undefined) refuse(response, 404, '')
    else sendContent(request, response, content, { etag: `"cdn-${content.length}"` })
  })
  const cdnOrigin = await listen(cdn)

  const sendFile = (request: IncomingMessage, response: ServerResponse, repo: string, found: HubRepository, path: string) => {
    if (found.gatedFor !== undefined && request.headers.authorization !== `Bearer ${found.gatedFor}`) {
      refuse(response, 403, 'GatedRepo')
      return
    }
    const content = found.files.get(path)
    if (content === undefined) {
      refuse(response, 404, 'EntryNotFound')
      return
    }
    const commit = { 'x-repo-commit': found.commit }
    if (!isLarge(path)) {
      sendContent(request, response, content, { ...commit, etag: `"${gitSha1(content)}"` })
      return
    }
    const location = `${cdnOrigin}/${encodeURIComponent(repo)}/${encodeURIComponent(path)}?signature=1`
    response.writeHead(302, { ...commit, location, 'x-linked-etag': `"${sha256(content)}"`, 'x-linked-size': content.length }).end()
  }

  const treeOf = (found: HubRepository) =>
    [...found.files].map(([path, content]) => ({
      type: 'file',
      oid: gitSha1(isLarge(path) ? Buffer.from(sha256(content)) : content),
      size: content.length,
      path,
      ...(isLarge(path) ? { lfs: { oid: sha256(content), size: content.length, pointerSize: 134 } } : {}),
    }))

  const hub = createServer((request, response) => {
    const { pathname, searchParams } = note('hub', request)
    const api = /^\/api\/models\/([^/]+\/[^/]+)(?:\/(tree|revision)\/([^/]+))?$/.exec(pathname)
    const file = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname)
    const repo = api?.[1] ?? file?.[1] ?? ''
    const found = repositories.get(repo)
    if (found === undefined) {
      refuse(response, request.headers.authorization === undefined ? 401 : 404, 'RepoNotFound')
      return
    }
    const revision = api?.[3] ?? file?.[2] ?? 'main'
    if (revision !== 'main' && revision !== found.commit) refuse(response, 404, 'RevisionNotFound')
    else if (file !== null) sendFile(request, response, repo, found, decodeURIComponent(file[3] ?? ''))
    else if (api?.[2] !== 'tree') response.end(JSON.stringify({ id: repo, sha: found.commit, siblings: [...found.files.keys()].map((rfilename) => ({ rfilename })) }))
    else if (!state.keepsTree) refuse(response, 404, '')
    else {
      // Two pages, as the hub divides long lists.
      const entries = treeOf(found)
      const half = Math.ceil(entries.length / 2)
      if (searchParams.get('cursor') === null) {
        response.setHeader('link', `<${pathname}?recursive=true&cursor=2>; rel="next"`)
        response.end(JSON.stringify(entries.slice(0, half)))
      } else response.end(JSON.stringify(entries.slice(half)))
    }
  })
  const endpoint = await listen(hub)

  return {
    endpoint,
    repositories,
    failures,
    seen,
    get keepsTree() {
      return state.keepsTree
    },
    set keepsTree(value) {
      state.keepsTree = value
    },
    close: async () => {
      for (const server of [hub, cdn]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}
