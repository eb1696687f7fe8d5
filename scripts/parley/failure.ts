import { CommanderError } from 'commander'
import { AppError } from '@/lib/contract/errors'
import { describeFailure, messageOf, SetupError } from '../setup-error'

export interface Failure {
  code: string
  message: string
  param?: string
}

/** An error as it is told: with a code for programs and a message for people. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError) return { code: error.code, message: error.message, ...(error.param === undefined ? {} : { param: error.param }) }
  if (error instanceof SetupError) return { code: 'setup_failed', message: describeFailure(error) }
  if (error instanceof CommanderError) {
    const message = error.code === 'commander.help' ? 'A command is missing; --help lists them.' : error.message.replace(/^error: /, '')
    return { code: 'invalid_request', message }
  }
  return { code: 'internal_error', message: messageOf(error) }
}
