import type { Metadata } from 'next'

import { pageSession } from '@/app/_server/page-session'
import { ThemeChoice } from '@/app/_components/theme-choice'
import { isEmailVerified } from '@/lib/db/users'
import { mailConfigured } from '@/lib/mail/send-mail'

import { PageBody, Section } from '../_shell/page-body'
import { ConfirmAddress } from './confirm-address'
import { NameForm } from './name-form'

export const metadata: Metadata = { title: 'Profile' }

export default async function ProfilePage() {
  const session = await pageSession()
  const verified = await isEmailVerified(session.userId)
  return (
    <PageBody title="Profile">
      <Section title="You" description={session.email}>
        <NameForm label="Name" current={session.name} path="/api/account" />
        {!verified && mailConfigured() && <ConfirmAddress />}
      </Section>
      <Section title="Appearance" description="Kept in this browser.">
        <ThemeChoice />
      </Section>
    </PageBody>
  )
}
