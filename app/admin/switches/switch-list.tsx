'use client'

import { useRouter } from 'next/navigation'
import { Switch } from 'radix-ui'
import { useState } from 'react'

import { messageOf, request } from '@/app/_browser/call-api'
import { ConfirmDialog } from '@/app/_components/confirm-dialog'
import { Time } from '@/app/_components/time'
import { useToast } from '@/app/_components/toast'
import type { FeatureSwitch } from '@/lib/contract/feature-switch'

interface Shown {
  name: FeatureSwitch
  enabled: boolean
  /** E-mail; null where it was never touched, or the operator is gone. */
  changedBy: string | null
  changedAt: string | null
}

const EXPLANATIONS: Record<FeatureSwitch, { title: string; text: string }> = {
  sign_up: { title: 'Sign-up', text: 'New people may make an account and an organisation. Invitations work without it.' },
  chat: { title: 'Chat', text: 'New answers, in the browser and over /v1/chat/completions.' },
  translate: { title: 'Translation', text: 'Texts, in the browser and over /v2/translate.' },
  write: { title: 'Writing', text: 'Drafts in the browser.' },
  documents: { title: 'Documents', text: 'Uploads for translation, in the browser and over /v2/document.' },
  public_api: { title: 'Public API', text: 'Every request with an API key. The web pages go on working.' },
}

export function SwitchList({ switches }: { switches: readonly Shown[] }) {
  const router = useRouter()
  const toast = useToast()
  const [asking, setAsking] = useState<Shown | null>(null)

  const change = async ({ name }: Shown, enabled: boolean): Promise<boolean> => {
    try {
      await request(`/api/admin/switches/${name}`, { method: 'PUT', body: { enabled } })
      toast(`${EXPLANATIONS[name].title} is ${enabled ? 'on' : 'off'}.`)
      router.refresh()
      return true
    } catch (error) {
      toast(messageOf(error), 'error')
      return false
    }
  }

  return (
    <>
      <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
        {switches.map((shown) => (
          <li key={shown.name} className="flex items-center justify-between gap-4 px-5 py-4">
            <div className="min-w-0">
              <p className="font-medium">{EXPLANATIONS[shown.name].title}</p>
              <p className="text-[0.93rem] text-muted">{EXPLANATIONS[shown.name].text}</p>
              {shown.changedAt !== null && (
                <p className="mt-0.5 text-[0.83rem] text-muted">
                  Turned {shown.enabled ? 'on' : 'off'} <Time at={shown.changedAt} style="date-time" />
                  {shown.changedBy !== null && <> by {shown.changedBy}</>}
                </p>
              )}
            </div>
            <div className="flex shrink-0 items-center gap-2.5">
              <span aria-hidden className="w-7 text-right text-[0.87rem] font-medium text-muted">
                {shown.enabled ? 'On' : 'Off'}
              </span>
              <Switch.Root
                checked={shown.enabled}
                aria-label={EXPLANATIONS[shown.name].title}
                onCheckedChange={(enabled) => {
                  if (enabled) void change(shown, true)
                  else setAsking(shown)
                }}
                className="h-6.5 w-11 rounded-full border border-field bg-sunken p-0.5 transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent"
              >
                <Switch.Thumb className="block size-5 rounded-full bg-field transition-transform data-[state=checked]:translate-x-4.5 data-[state=checked]:bg-on-accent" />
              </Switch.Root>
            </div>
          </li>
        ))}
      </ul>
      {asking !== null && (
        <ConfirmDialog
          open
          onOpenChange={(open) => {
            if (!open) setAsking(null)
          }}
          title={`Turn ${EXPLANATIONS[asking.name].title.toLowerCase()} off for everybody?`}
          description="Every tenant is refused it from then on, until it is turned on again."
          action="Turn off"
          onConfirm={() => change(asking, false)}
        />
      )}
    </>
  )
}
