import type { ReactNode } from 'react'

import { pageSession } from '@/app/_server/page-session'
import { can } from '@/lib/domain/permissions'

import { SectionTabs } from '../_shell/section-tabs'

import { SETTINGS_PAGES } from './settings-navigation'

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const { role } = await pageSession()
  const pages = SETTINGS_PAGES.filter(({ needs }) => needs === null || can(role, needs))
  return (
    <>
      <SectionTabs label="Settings" pages={pages.map(({ href, label }) => ({ href, label }))} />
      {children}
    </>
  )
}
