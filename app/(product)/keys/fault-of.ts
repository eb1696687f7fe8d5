import { CallError, messageOf } from '@/app/_browser/call-api'

import type { Fault } from './key-fields'

/** What was wrong, and with which field. */
export function faultOf(error: unknown): Fault {
  return { param: error instanceof CallError ? error.param : null, message: messageOf(error) }
}
