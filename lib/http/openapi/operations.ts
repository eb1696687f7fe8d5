import { DEEPL_OPERATIONS } from './deepl-operations'
import { OPENAI_OPERATIONS } from './openai-operations'
import type { ApiOperation } from './operation'

/** Every operation of the public API, in the order in which it is read. */
export const API_OPERATIONS: readonly ApiOperation[] = [...OPENAI_OPERATIONS, ...DEEPL_OPERATIONS]

/** The operation that answers a path as it is asked for; undefined where there is none. */
export function operationOf(method: string, pathname: string): ApiOperation | undefined {
  const segments = pathname.split('/')
  const fits = ({ path }: ApiOperation): boolean => {
    const parts = path.split('/')
    const open = parts.at(-1)?.startsWith('{') === true
    if (open ? segments.length < parts.length : segments.length !== parts.length) return false
    return parts.every((part, index) => part.startsWith('{') || part === segments[index])
  }
  return API_OPERATIONS.filter((operation) => operation.method === method && fits(operation)).sort((one, other) => depth(other) - depth(one))[0]
}

function depth({ path }: ApiOperation): number {
  return path.split('/').filter((part) => !part.startsWith('{')).length
}
