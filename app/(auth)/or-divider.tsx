/** Stands between two ways to do the same. */
export function OrDivider() {
  return (
    <div className="my-6 flex items-center gap-3 text-[0.87rem] text-muted">
      <span aria-hidden className="h-px flex-1 bg-line" />
      or
      <span aria-hidden className="h-px flex-1 bg-line" />
    </div>
  )
}
