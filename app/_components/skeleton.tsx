import { classNames } from './class-names'

/** A grey stand-in of the size of what is loading. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames('animate-shimmer rounded-md bg-hover', className)} />
}

/** A page while its data is read: heading, then `rows` cards. */
export function PageSkeleton({ rows = 3 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="mx-auto w-full max-w-5xl space-y-5 px-4 py-8 md:px-8">
      <Skeleton className="h-8 w-48" />
      <Skeleton className="h-4 w-80 max-w-full" />
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className="h-28 w-full rounded-xl" />
      ))}
    </div>
  )
}
