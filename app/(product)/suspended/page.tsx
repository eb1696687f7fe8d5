import Ban from 'lucide-react/icons/ban'
import type { Metadata } from 'next'
import Link from 'next/link'
import { redirect } from 'next/navigation'

import { buttonClasses } from '@/app/_components/button'
import { EmptyState } from '@/app/_components/empty-state'
import { pageSession } from '@/app/_server/page-session'

export const metadata: Metadata = { title: 'Suspended' }

/** Where every page of the workspace leads while the organisation is suspended. */
export default async function SuspendedPage() {
  const { orgName, orgSuspendedAt } = await pageSession()
  if (orgSuspendedAt === null) redirect('/chat')
  return (
    <div className="grid flex-1 place-items-center">
      <h1 className="sr-only">Suspended</h1>
      <EmptyState
        icon={<Ban />}
        title={`${orgName} is suspended`}
        action={
          <Link href="/settings" className={buttonClasses('secondary')}>
            Your settings
          </Link>
        }
      >
        Chat, translation, writing and the API are refused until whoever runs this installation lets it go on. Nothing was deleted. If you belong to another
        organisation, switch to it in the account menu.
      </EmptyState>
    </div>
  )
}
