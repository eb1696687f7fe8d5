import type { RouteParams } from './route-handling'

/** The `[id]` of a path; '' names nothing. */
export function pathId({ id }: RouteParams): string {
  return typeof id === 'string' ? id : ''
}
