import type { ReactNode } from 'react'

import { pageSession } from '@/app/_server/page-session'
import { can } from '@/lib/domain/permissions'

import { Forbidden } from '../_shell/forbidden'
import { SectionTabs } from '../_shell/section-tabs'

const PAGES = [
  { href: '/translate', label: 'Text' },
  { href: '/translate/documents', label: 'Documents' },
  { href: '/translate/glossaries', label: 'Glossaries' },
] as const

export default async function TranslateLayout({ children }: { children: ReactNode }) {
  const { role } = await pageSession()
  if (!can(role, 'use')) return <Forbidden what="Translation" />
  return (
    <>
      <SectionTabs label="Translation" pages={PAGES} width="wide" />
      {children}
    </>
  )
}
