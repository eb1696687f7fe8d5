import { AppError } from '@/lib/contract/errors'

const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/

/** Whether a folder may be called so: begins with a letter or digit, so neither hidden nor a step upwards. */
export function isCheckpointSegment(segment: string): boolean {
  return SEGMENT.test(segment)
}

/** Whether `name` is one or two folder names, as in `gpt2` and `openai-community/gpt2`. */
export function isCheckpointName(name: string): boolean {
  const segments = name.split('/')
  return segments.length <= 2 && segments.every(isCheckpointSegment)
}

/** Throws AppError invalid_request for a name that cannot be a folder under `models/`. */
export function assertCheckpointName(name: string): void {
  if (isCheckpointName(name)) return
  throw new AppError(
    'invalid_request',
    `${JSON.stringify(name)} cannot be a model's name: it takes one or two parts divided by "/", each of letters, digits, ".", "_" and "-", beginning with a letter or digit.`,
    { param: 'name' },
  )
}
