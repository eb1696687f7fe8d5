import type { ReactNode } from 'react'

interface PageBodyProps {
  title: string
  description?: ReactNode
  /** Stands beside the title. */
  action?: ReactNode
  width?: 'normal' | 'wide'
  children: ReactNode
}

/** A page that scrolls by itself below its heading, so that each page starts at its top. */
export function PageBody({ title, description, action, width = 'normal', children }: PageBodyProps) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className={`mx-auto w-full px-4 pt-6 pb-12 md:px-8 md:pt-9 ${width === 'wide' ? 'max-w-7xl' : 'max-w-5xl'}`}>
        <div className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="min-w-0">
            <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
            {description !== undefined && <p className="mt-1 max-w-3xl text-muted">{description}</p>}
          </div>
          {action}
        </div>
        {children}
      </div>
    </div>
  )
}

/** A bordered part of a page under a heading of its own. */
export function Section({ title, description, action, children }: Omit<PageBodyProps, 'width'>) {
  return (
    <section aria-label={title} className="mb-6 rounded-xl border border-line bg-surface">
      <div className="flex flex-wrap items-start justify-between gap-3 px-5 pt-4.5">
        <div>
          <h2 className="font-semibold">{title}</h2>
          {description !== undefined && <p className="mt-0.5 text-[0.93rem] text-muted">{description}</p>}
        </div>
        {action}
      </div>
      <div className="px-5 pt-4 pb-5">{children}</div>
    </section>
  )
}
