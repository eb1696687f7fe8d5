'use client'

import { CallError } from '@/app/_browser/call-api'
import { Field } from '@/app/_components/field'

/** What an account can be asked for. */
export interface Factors {
  password: boolean
  secondFactor: boolean
}

export interface ConfirmationFaults {
  password?: string | undefined
  code?: string | undefined
}

/** The inputs `password` and `code` of a form, as far as the account has them. */
export function ConfirmationFields({ factors, faults }: { factors: Factors; faults: ConfirmationFaults }) {
  return (
    <>
      {factors.password && (
        <Field label="Your password" name="password" type="password" autoComplete="current-password" required error={faults.password} />
      )}
      {factors.secondFactor && (
        <Field label="Code" name="code" autoComplete="one-time-code" spellCheck={false} required error={faults.code} hint="Of your authenticator app, or a recovery code." />
      )}
    </>
  )
}

/** Which of the two fields the server has found fault with; null where it is neither. */
export function confirmationFaults(thrown: unknown): ConfirmationFaults | null {
  if (!(thrown instanceof CallError) || (thrown.param !== 'password' && thrown.param !== 'code')) return null
  return { [thrown.param]: thrown.message }
}
