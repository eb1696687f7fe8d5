import { lookup } from 'node:dns'
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net'
import type { Env } from '@/lib/contract/env'
import { AppError } from '@/lib/contract/errors'

/**
 * Which addresses an issuer may stand at: an admin of any organisation enters it and this server calls
 * it, so it must not reach what only this server can. `loopback` is for development, `private` for an
 * issuer in the installation's own network.
 */
export type IssuerReach = 'public' | 'loopback' | 'private'

export function issuerReach(env: Pick<Env, 'ALLOW_PRIVATE_ISSUERS'>): IssuerReach {
  if (env.ALLOW_PRIVATE_ISSUERS) return 'private'
  return process.env.NODE_ENV === 'production' ? 'public' : 'loopback'
}

const LOOPBACK = blockList([['127.0.0.0', 8], ['::1', 128]])

/** What is not the public internet's: https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6 sister. */
const SPECIAL = blockList([
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24],
  ['192.0.2.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24],
  ['224.0.0.0', 4], ['240.0.0.0', 4],
  ['::', 96], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001::', 23], ['2001:db8::', 32], ['2002::', 16],
  ['3fff::', 20], ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8],
])

function blockList(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [network, bits] of ranges) list.addSubnet(network, bits, isIPv6(network) ? 'ipv6' : 'ipv4')
  return list
}

/** Whether a server may be called at this network address. An IPv4 address in IPv6's form counts as what it is. */
export function reaches(address: string, reach: IssuerReach): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (reach === 'private') return true
  return !SPECIAL.check(address, family) || (reach === 'loopback' && LOOPBACK.check(address, family))
}

/** The address as a URL. AppError `invalid_request` where it is not https (http on the loopback aside) or names an address out of reach. */
export function issuerUrl(address: string, reach: IssuerReach): URL {
  const refuse = (why: string): never => {
    throw new AppError('invalid_request', why, { param: 'issuer' })
  }
  if (!URL.canParse(address)) return refuse('Enter the issuer’s address, such as https://login.example.com.')
  const url = new URL(address)
  const host = url.hostname.replace(/^\[|\]$/gu, '')
  const loopback = host === 'localhost' || (isIP(host) !== 0 && LOOPBACK.check(host, isIPv6(host) ? 'ipv6' : 'ipv4'))
  if (url.username !== '' || url.password !== '') return refuse('The issuer’s address has no user name and no password in it.')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback && reach !== 'public')) return refuse('The issuer’s address begins with https://.')
  if ((isIP(host) !== 0 && !reaches(host, reach)) || (host === 'localhost' && reach === 'public')) {
    return refuse('The issuer’s address is private: this server calls public addresses alone.')
  }
  return url
}

/** Looks a name up and refuses what is out of reach, at the very moment of connecting: a name that changes its address gains nothing. */
export function guardedLookup(reach: IssuerReach): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      // An unknown name comes with an error and no list, whatever the types say.
      if (error !== null) {
        callback(error, '')
        return
      }
      const [first] = found
      if (first === undefined) callback(new Error(`${hostname} has no address.`), '')
      else if (!found.every(({ address }) => reaches(address, reach))) callback(new Error(`${hostname} is a private address.`), '')
      else if (options.all === true) callback(null, found)
      else callback(null, first.address, first.family)
    })
  }
}
