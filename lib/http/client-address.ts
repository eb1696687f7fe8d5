import diagnostics from 'node:diagnostics_channel'
import { isIPv6 } from 'node:net'
import { z } from 'zod'
import { serverContext } from './server-context'

/** Next hands a route neither the socket nor its address, and takes `x-forwarded-for` from anybody. */
const PEER_HEADER = 'x-parley-peer'

const started = z.object({ request: z.object({ headers: z.record(z.string(), z.unknown()) }), socket: z.object({ remoteAddress: z.string().optional() }) })

declare global {
  var parleyNotesPeers: true | undefined
}

/** Notes on every request that this process's HTTP servers receive where it came from, whatever it says itself. */
export function notePeerAddresses(): void {
  if (globalThis.parleyNotesPeers === true) return
  globalThis.parleyNotesPeers = true
  diagnostics.subscribe('http.server.request.start', (message) => {
    const parsed = started.safeParse(message)
    // The very object of the request: zod's copy would not reach the route.
    if (parsed.success) Object.assign(headersOf(message), { [PEER_HEADER]: parsed.data.socket.remoteAddress ?? '' })
  })
}

function headersOf(message: unknown): object {
  const { request } = message as { request: { headers: object } } // parsed just before
  return request.headers
}

/**
 * The network address that a request counts for. Each trusted proxy appends the address that called it to
 * `x-forwarded-for`; whatever stands before what they added, the client may have made up.
 */
export function clientAddress(request: Request, proxies = serverContext().env.TRUSTED_PROXY): string {
  const peer = request.headers.get(PEER_HEADER) ?? ''
  if (proxies === 0) return networkOf(peer)
  const forwarded = (request.headers.get('x-forwarded-for') ?? '').split(',').map((part) => part.trim()).filter((part) => part !== '')
  return networkOf(forwarded.at(-proxies) ?? peer)
}

/** Of IPv6, where one household has 2^64 addresses, the /64 network; an IPv4 address as it is, also in its IPv6 form. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(address)) return /^[\d.]{7,15}$/u.test(address) ? address : 'unknown'
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? []
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
  return `${groups.slice(0, 4).map((group) => group.toLowerCase().replace(/^0+(?=.)/u, '')).join(':')}::/64`
}
