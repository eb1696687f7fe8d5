import { Time } from '@/app/_components/time'
import type { AuditEvent } from '@/lib/db/audit'
import { describeDevice } from '@/lib/domain/device-name'

export function AuditList({ events }: { events: readonly AuditEvent[] }) {
  return (
    <ul aria-label="Events" className="divide-y divide-line rounded-xl border border-line bg-surface">
      {events.map((event) => (
        <li key={event.id} className="grid gap-x-6 gap-y-0.5 px-5 py-3 md:grid-cols-[11rem_minmax(0,1fr)_minmax(0,14rem)]">
          <span className="text-[0.87rem] text-muted md:pt-0.5">
            <Time at={event.at.toISOString()} style="date-time" />
          </span>
          <div className="min-w-0">
            <p className="flex flex-wrap items-baseline gap-x-2.5">
              <code className="font-mono text-[0.87rem] font-medium">{event.action}</code>
              {event.target !== null && <span className="min-w-0 break-words">{event.target}</span>}
            </p>
            {Object.keys(event.details).length > 0 && (
              <p className="flex flex-wrap gap-x-3 text-[0.83rem] break-words text-muted">
                {Object.entries(event.details).map(([name, value]) => (
                  <span key={name} className="min-w-0">
                    {name.replaceAll('_', ' ')}: {String(value ?? 'none')}
                  </span>
                ))}
              </p>
            )}
          </div>
          <div className="min-w-0 text-[0.87rem] text-muted">
            <p className="truncate">{event.actorEmail ?? 'The system'}</p>
            {(event.ip !== null || event.userAgent !== null) && (
              <p className="truncate text-[0.8rem]">{[event.ip, event.userAgent === null ? null : describeDevice(event.userAgent)].filter((part) => part !== null).join(' · ')}</p>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}
