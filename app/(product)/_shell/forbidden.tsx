import Lock from 'lucide-react/icons/lock'

import { EmptyState } from '@/app/_components/empty-state'

/** Stands where the person's role does not reach. */
export function Forbidden({ what }: { what: string }) {
  return (
    <div className="grid flex-1 place-items-center">
      <EmptyState icon={<Lock />} title="Your role does not reach this">
        {what} is for other roles in this organisation. An owner can change yours.
      </EmptyState>
    </div>
  )
}
