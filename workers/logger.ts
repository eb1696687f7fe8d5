import { pino } from 'pino'
import type { Logger } from 'pino'

/** JSON lines on stderr. What people wrote is never logged: no prompt, no answer. */
export function createLogger(level: string): Logger {
  return pino({ level, base: { process: 'workers/serve' } }, pino.destination({ fd: 2, sync: true }))
}
