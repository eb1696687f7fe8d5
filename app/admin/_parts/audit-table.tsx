import Link from 'next/link'

import { Time } from '@/app/_components/time'
import type { AuditEvent } from '@/lib/db/audit'

interface AuditTableProps {
  events: readonly AuditEvent[]
  /** Names of tenants by id; left out where all rows are of one. */
  tenants?: ReadonlyMap<string, string>
}

export function AuditTable({ events, tenants }: AuditTableProps) {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Audit events">
      <table className="w-full text-left text-[0.9rem]">
        <thead className="text-[0.83rem] text-muted">
          <tr>
            {['Time', 'Action', 'By', ...(tenants === undefined ? [] : ['Tenant']), 'What'].map((heading) => (
              <th key={heading} scope="col" className="pr-4 pb-2 font-medium">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id} className="border-t border-line align-top">
              <td className="tabular py-2 pr-4 whitespace-nowrap">
                <Time at={event.at.toISOString()} style="date-time" />
              </td>
              <td className="py-2 pr-4">
                <code className="font-mono text-[0.83rem]">{event.action}</code>
              </td>
              <td className="py-2 pr-4">
                <span className="block min-w-44 break-all">{event.actorEmail ?? (event.actorId === null ? 'Parley itself' : 'somebody who is gone')}</span>
                {event.ip !== null && <span className="block text-[0.8rem] text-muted">{event.ip}</span>}
              </td>
              {tenants !== undefined && (
                <td className="min-w-32 py-2 pr-4">
                  {event.orgId === null ? <span className="text-muted">the installation</span> : <TenantLink id={event.orgId} name={tenants.get(event.orgId)} />}
                </td>
              )}
              <td className="min-w-48 py-2">
                <span className="break-words">{event.target}</span>
                <Details details={event.details} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function TenantLink({ id, name }: { id: string; name: string | undefined }) {
  return (
    <Link href={`/admin/tenants/${id}`} className="break-words hover:underline">
      {name ?? id}
    </Link>
  )
}

function Details({ details }: Pick<AuditEvent, 'details'>) {
  const said = Object.entries(details)
  if (said.length === 0) return null
  return <span className="block text-[0.83rem] break-words text-muted">{said.map(([name, value]) => `${name.replaceAll('_', ' ')}: ${String(value ?? 'none')}`).join(' · ')}</span>
}
