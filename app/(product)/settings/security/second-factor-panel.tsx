'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'

import { callApi, request } from '@/app/_browser/call-api'
import { Button } from '@/app/_components/button'
import { Dialog } from '@/app/_components/dialog'
import { Time } from '@/app/_components/time'
import { useToast } from '@/app/_components/toast'
import { recoveryCodes } from '@/lib/contract/sign-in'

import { ConfirmForm } from './confirm-form'
import type { Factors } from './confirmation-fields'
import { RecoveryCodes } from './recovery-codes'
import { SetUpSteps } from './set-up-steps'

interface SecondFactorPanelProps {
  factors: Factors
  /** null: there is no second factor. */
  since: string | null
  codesLeft: number
}

export function SecondFactorPanel({ factors, since, codesLeft }: SecondFactorPanelProps) {
  const router = useRouter()
  const toast = useToast()
  const [open, setOpen] = useState<'set-up' | 'codes' | 'turn-off' | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const [shown, setShown] = useState(false)

  const close = (): void => {
    setOpen(null)
    setCodes(null)
    setShown(false)
    router.refresh()
  }
  const replace = async (confirmation: object): Promise<void> => {
    setCodes((await callApi('/api/account/second-factor/recovery-codes', recoveryCodes, { method: 'POST', body: confirmation })).codes)
    setShown(true)
  }
  const turnOff = async (confirmation: object): Promise<void> => {
    await request('/api/account/second-factor', { method: 'DELETE', body: confirmation })
    toast('The second step is turned off.')
    close()
  }

  return (
    <>
      {since === null ? (
        <Button onClick={() => setOpen('set-up')}>Set up</Button>
      ) : (
        <>
          <p>
            On since <Time at={since} />. {codesLeft === 1 ? 'One recovery code is' : `${codesLeft} recovery codes are`} left.
          </p>
          <div className="mt-4 flex flex-wrap gap-2">
            <Button look="secondary" onClick={() => setOpen('codes')}>
              New recovery codes
            </Button>
            <Button look="secondary" onClick={() => setOpen('turn-off')}>
              Turn off
            </Button>
          </div>
        </>
      )}
      <Dialog open={open === 'set-up'} onOpenChange={close} dismissible={!shown} title={shown ? 'Your recovery codes' : 'Set up the second step'}>
        <SetUpSteps factors={factors} onCodes={() => setShown(true)} onDone={close} />
      </Dialog>
      <Dialog
        open={open === 'codes'}
        onOpenChange={close}
        dismissible={!shown}
        title={shown ? 'Your new recovery codes' : 'New recovery codes'}
        {...(shown ? {} : { description: 'The codes that you have now stop working.' })}
      >
        {codes === null ? <ConfirmForm factors={factors} action="Make new codes" onConfirm={replace} /> : <RecoveryCodes codes={codes} onDone={close} />}
      </Dialog>
      <Dialog open={open === 'turn-off'} onOpenChange={close} title="Turn off the second step" description="From then on your password, or the provider that you sign in with, is enough.">
        <ConfirmForm factors={factors} action="Turn off" look="danger" onConfirm={turnOff} />
      </Dialog>
    </>
  )
}
