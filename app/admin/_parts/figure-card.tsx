/** One number that matters, under its name. */
export function FigureCard({ label, value, note }: { label: string; value: string; note?: string | undefined }) {
  return (
    <div className="min-w-0 rounded-xl border border-line bg-surface px-4 py-3.5">
      <dt className="text-[0.87rem] text-muted">{label}</dt>
      <dd className="tabular mt-0.5 truncate text-xl font-semibold tracking-tight">{value}</dd>
      {note !== undefined && <dd className="text-[0.83rem] text-muted">{note}</dd>}
    </div>
  )
}
