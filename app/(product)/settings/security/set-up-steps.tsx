'use client'

import { useState, type SubmitEvent } from 'react'

import { callApi, messageOf } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { CopyButton } from '@/app/_components/copy-button'
import { Field } from '@/app/_components/field'
import { recoveryCodes, secondFactorSetup, type SecondFactorSetup } from '@/lib/contract/sign-in'

import { ConfirmForm } from './confirm-form'
import type { Factors } from './confirmation-fields'
import { RecoveryCodes } from './recovery-codes'

interface SetUpStepsProps {
  factors: Factors
  /** Once the recovery codes are there, closing would lose them. */
  onCodes: () => void
  onDone: () => void
}

/** Who it is, the picture to scan and its first code, then the recovery codes. */
export function SetUpSteps({ factors, onCodes, onDone }: SetUpStepsProps) {
  const [setup, setSetup] = useState<SecondFactorSetup | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)

  if (codes !== null) return <RecoveryCodes codes={codes} onDone={onDone} />
  if (setup !== null) {
    const confirmed = (fresh: readonly string[]): void => {
      setCodes(fresh)
      onCodes()
    }
    return <ScanStep setup={setup} onConfirmed={confirmed} />
  }
  const begin = async (confirmation: object): Promise<void> => {
    setSetup(await callApi('/api/account/second-factor', secondFactorSetup, { method: 'POST', body: confirmation }))
  }
  return <ConfirmForm factors={factors} action="Continue" onConfirm={begin} />
}

function ScanStep({ setup, onConfirmed }: { setup: SecondFactorSetup; onConfirmed: (codes: readonly string[]) => void }) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | undefined>(undefined)
  const grouped = setup.secret.match(/.{1,4}/gu)?.join(' ') ?? setup.secret

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = Object.fromEntries(new FormData(event.currentTarget))
    setBusy(true)
    setError(undefined)
    try {
      onConfirmed((await callApi('/api/account/second-factor/confirm', recoveryCodes, { method: 'POST', body: form })).codes)
    } catch (thrown) {
      setError(messageOf(thrown))
      setBusy(false)
    }
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      <p>Scan this with an authenticator app, then enter the code that it shows.</p>
      <div className="flex flex-col items-center gap-4 sm:flex-row sm:items-start">
        {/* The picture is data that this page was just sent: there is nothing to optimise. */}
        <img src={setup.picture} alt="QR code that holds the secret key below" className="size-44 shrink-0 rounded-lg bg-white" />
        <div className="min-w-0 text-[0.93rem]">
          <p className="text-muted">No camera? Enter this key by hand:</p>
          <p className="mt-1 font-mono break-words" data-totp-secret={setup.secret}>
            {grouped}
          </p>
          <div className="mt-1 -ml-2">
            <CopyButton text={setup.secret} label="Copy the key" withText />
          </div>
        </div>
      </div>
      <Field label="Code" name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={7} autoFocus required error={error} />
      <div className="flex justify-end">
        <Button type="submit" busy={busy}>
          Turn on
        </Button>
      </div>
    </form>
  )
}
