/** Two voices meeting: the mark alone. */
export function LogoMark({ className = 'size-7' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={className}>
      <path
        d="M4 6.5A3.5 3.5 0 0 1 7.5 3h10A3.5 3.5 0 0 1 21 6.5v6a3.5 3.5 0 0 1-3.5 3.5H11l-5 4.2c-.8.7-2 .1-2-.9z"
        className="fill-accent"
      />
      <path
        d="M24 11.2h.5A3.5 3.5 0 0 1 28 14.7v13.1c0 1-1.2 1.6-2 .9L21 24.5h-6.5a3.5 3.5 0 0 1-3.4-2.7l2.2-1.8h4.2A6.5 6.5 0 0 0 24 13.5z"
        className="fill-accent opacity-55"
      />
    </svg>
  )
}

export function Logo() {
  return (
    <span className="inline-flex items-center gap-2.5">
      <LogoMark />
      <span className="text-[1.2rem] font-semibold tracking-tight">Parley</span>
    </span>
  )
}
