'use client'

import { signOut } from 'next-auth/react'

import { messageOf, request } from '@/app/_browser/call-api'

import { CodeStep } from './code-step'

/** The second step after a provider, whose session waits for it. */
export function DueStep({ next }: { next: string }) {
  const send = async (code: string): Promise<string> => {
    try {
      await request('/api/sign-in/second-factor', { method: 'POST', body: { code } })
    } catch (thrown) {
      return messageOf(thrown)
    }
    window.location.assign(next)
    return ''
  }

  const startAgain = async (): Promise<void> => {
    await signOut({ redirect: false })
    window.location.assign('/sign-in')
  }

  return <CodeStep onCode={send} onStartAgain={() => void startAgain()} />
}
