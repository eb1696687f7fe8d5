import type { ReactNode } from 'react'

import { pageSession } from '@/app/_server/page-session'
import { listMembershipsOf } from '@/lib/db/memberships'
import { can } from '@/lib/domain/permissions'

import { AccountMenu } from './_shell/account-menu'
import { BottomBar } from './_shell/bottom-bar'
import { ImpersonationBanner } from './_shell/impersonation-banner'
import { DESTINATIONS } from './_shell/navigation'
import { SideNavigation } from './_shell/side-navigation'

export default async function ProductLayout({ children }: { children: ReactNode }) {
  const session = await pageSession()
  const reachable = DESTINATIONS.filter(({ href, needs }) => (href === '/admin' ? session.isOperator : needs === null || can(session.role, needs))).map(({ href }) => href)
  const memberships = await listMembershipsOf(session.userId)
  const organizations = memberships.map(({ orgId, orgName, role }) => ({ orgId, orgName, role, current: orgId === session.orgId }))
  const person = { name: session.name, email: session.email, orgName: session.orgName }
  return (
    <div className="flex h-screen-visible flex-col">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60 focus:rounded-lg focus:bg-raised focus:px-4 focus:py-2 focus:shadow-float"
      >
        Skip to the content
      </a>
      {session.impersonatedBy !== null && <ImpersonationBanner person={person} orgId={session.orgId} />}
      <div className="flex min-h-0 flex-1 flex-col md:flex-row">
        <SideNavigation reachable={reachable} footer={<AccountMenu person={person} organizations={organizations} />} />
        <main id="content" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
          {children}
        </main>
        <BottomBar reachable={reachable} organizations={organizations} person={person} />
      </div>
    </div>
  )
}
