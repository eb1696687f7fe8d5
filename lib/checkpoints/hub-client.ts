import { fetch } from 'undici'
import type { Dispatcher, Response } from 'undici'
import { z } from 'zod'
import { AppError } from '@/lib/contract/errors'
import { HubFault, answerFault, networkFault, retrying } from '@/lib/checkpoints/hub-faults'
import type { RetryPolicy } from '@/lib/checkpoints/hub-faults'

export interface HubOptions {
  /** HF_ENDPOINT, without a slash at its end. */
  endpoint: string
  /** HF_TOKEN; sent to the endpoint's own origin alone. */
  token: string | null
  retry: RetryPolicy
  dispatcher?: Dispatcher
}

export interface HubSnapshot {
  repo: string
  /** The commit that every later request names, so that all files are of one state. */
  commit: string
  paths: readonly string[]
}

export interface HubFile {
  path: string
  bytes: number
  /** sha256 of the content (large files), or git's sha1 of a blob (small ones); null: the hub told none. */
  checksum: { kind: 'sha256' | 'git-sha1'; hex: string } | null
}

const MAX_REDIRECTS = 10

const infoSchema = z.object({ sha: z.string().regex(/^[0-9a-f]{40,64}$/).optional(), siblings: z.array(z.object({ rfilename: z.string() })) })
const treeSchema = z.array(
  z.object({ type: z.string(), path: z.string(), size: z.number().int().nonnegative(), oid: z.string(), lfs: z.object({ oid: z.string(), size: z.number().int().nonnegative() }).nullish() }),
)

/** An etag names the content: sha256 for files in large-file storage, git's blob sha1 for others. */
function checksumOf(oid: string | null): HubFile['checksum'] {
  const hex = (oid ?? '').replace(/^W\//, '').replaceAll('"', '').replace(/^sha256:/, '')
  if (/^[0-9a-f]{64}$/.test(hex)) return { kind: 'sha256', hex }
  return /^[0-9a-f]{40}$/.test(hex) ? { kind: 'git-sha1', hex } : null
}

function pathOf(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/')
}

/** The Hugging Face hub's public HTTP API, as far as reading a model repository takes. */
export class HubClient {
  readonly endpoint: URL

  constructor(private readonly options: HubOptions) {
    try {
      this.endpoint = new URL(options.endpoint)
    } catch (cause) {
      throw new AppError('invalid_request', `HF_ENDPOINT is not an address: ${options.endpoint}`, { cause })
    }
  }

  get retry(): RetryPolicy {
    return this.options.retry
  }

  /** What a repository holds now, or at a branch, tag or commit. Throws not_found, insufficient_permissions, model_unavailable. */
  async snapshot(repo: string, revision: string | null): Promise<HubSnapshot> {
    const model = this.at(`/api/models/${pathOf(repo)}${revision === null ? '' : `/revision/${encodeURIComponent(revision)}`}`)
    const info = infoSchema.safeParse((await this.json(model, repo)).body)
    if (!info.success) throw new AppError('model_unavailable', `${this.endpoint.host} does not answer as a Hugging Face hub does; look at HF_ENDPOINT.`, { cause: info.error })
    return { repo, commit: info.data.sha ?? revision ?? 'main', paths: info.data.siblings.map((sibling) => sibling.rfilename) }
  }

  /** Sizes and checksums of those of `wanted` that are there: from the tree, or one by one from a mirror that keeps no tree. */
  async describe(snapshot: HubSnapshot, wanted: readonly string[]): Promise<HubFile[]> {
    const present = wanted.filter((path) => snapshot.paths.includes(path))
    const tree = await this.tree(snapshot)
    if (tree === null) return Promise.all(present.map((path) => this.describeOne(snapshot, path)))
    return present.flatMap((path) => tree.get(path) ?? [])
  }

  /** A file's content from `offset` on: 206, or 200 where the server ignores ranges. Throws HubFault, which may be transient. */
  async open(snapshot: HubSnapshot, path: string, offset: number): Promise<Response> {
    const response = await this.request(this.fileUrl(snapshot, path), snapshot.repo, { method: 'GET', headers: offset > 0 ? { range: `bytes=${offset}-` } : {} })
    return response.response
  }

  private async tree(snapshot: HubSnapshot): Promise<Map<string, HubFile> | null> {
    const files = new Map<string, HubFile>()
    let next: URL | null = this.at(`/api/models/${pathOf(snapshot.repo)}/tree/${encodeURIComponent(snapshot.commit)}?recursive=true`)
    while (next !== null) {
      let page
      try {
        page = await this.json(next, snapshot.repo)
      } catch (error) {
        if (error instanceof AppError && error.code === 'not_found') return null
        throw error
      }
      const entries = treeSchema.safeParse(page.body)
      if (!entries.success) return null
      for (const { type, path, size, oid, lfs } of entries.data) {
        if (type === 'file') files.set(path, { path, bytes: lfs?.size ?? size, checksum: checksumOf(lfs?.oid ?? oid) })
      }
      const link = /<([^>]+)>;\s*rel="next"/.exec(page.headers.get('link') ?? '')?.[1]
      next = link === undefined ? null : new URL(link, next)
    }
    return files
  }

  private async describeOne(snapshot: HubSnapshot, path: string): Promise<HubFile> {
    const url = this.fileUrl(snapshot, path)
    const { response, first } = await retrying(this.options.retry, () => this.request(url, snapshot.repo, { method: 'HEAD', headers: {} }))
    const bytes = Number(first.get('x-linked-size') ?? response.headers.get('content-length') ?? Number.NaN)
    if (!Number.isSafeInteger(bytes)) throw new AppError('model_unavailable', `${this.endpoint.host} does not tell how large ${path} is.`)
    return { path, bytes, checksum: checksumOf(first.get('x-linked-etag') ?? response.headers.get('etag')) }
  }

  private async json(url: URL, repo: string): Promise<{ body: unknown; headers: Response['headers'] }> {
    return retrying(this.options.retry, async () => {
      const { response } = await this.request(url, repo, { method: 'GET', headers: { accept: 'application/json' } })
      const text = await response.text().catch((cause: unknown) => {
        throw networkFault(url, cause)
      })
      try {
        const body: unknown = JSON.parse(text)
        return { body, headers: response.headers }
      } catch (cause) {
        throw new AppError('model_unavailable', `${url.host} does not answer as a Hugging Face hub does; look at HF_ENDPOINT.`, { cause })
      }
    })
  }

  /** Follows redirects by hand: the token must not leave the hub's origin. `first` are the hub's own headers, before any redirect. */
  private async request(start: URL, repo: string, init: { method: 'GET' | 'HEAD'; headers: Record<string, string> }): Promise<{ response: Response; first: Response['headers'] }> {
    let url = start
    let first: Response['headers'] | null = null
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const token = url.origin === this.endpoint.origin ? this.options.token : null
      const response = await fetch(url, {
        method: init.method,
        redirect: 'manual',
        // Ranges and sizes count the bytes as stored, so no compression on the way.
        headers: { 'user-agent': 'parley', 'accept-encoding': 'identity', ...init.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
        ...(this.options.dispatcher === undefined ? {} : { dispatcher: this.options.dispatcher }),
      }).catch((cause: unknown) => {
        throw networkFault(url, cause)
      })
      first ??= response.headers
      const location = response.headers.get('location')
      if (response.status < 300 || response.status >= 400 || location === null) {
        if (response.ok) return { response, first }
        await response.body?.cancel()
        throw answerFault(response, { url, endpoint: this.endpoint, repo, hasToken: this.options.token !== null })
      }
      await response.body?.cancel()
      const target = new URL(location, url)
      if (url.protocol === 'https:' && target.protocol !== 'https:') throw new HubFault(`${url.host} sends to an address without encryption (${target.host}).`)
      url = target
    }
    throw new HubFault(`${start.host} redirects in a circle.`)
  }

  private fileUrl(snapshot: HubSnapshot, path: string): URL {
    return this.at(`/${pathOf(snapshot.repo)}/resolve/${encodeURIComponent(snapshot.commit)}/${pathOf(path)}`)
  }

  /** The endpoint may itself stand below a path, as mirrors do. */
  private at(path: string): URL {
    return new URL(this.endpoint.href.replace(/\/+$/, '') + path)
  }
}
