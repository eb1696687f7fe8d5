import type { GuidePart, GuideText } from './guide'
import { Prose } from './prose'
import { Table } from './table'

export function GuideSection({ section: { id, title, parts } }: { section: GuideText }) {
  return (
    <section aria-labelledby={id} className="mt-12">
      <h2 id={id} className="scroll-mt-6 text-2xl font-semibold tracking-tight">
        {title}
      </h2>
      {parts.map((part, index) => (
        <Part key={index} part={part} />
      ))}
    </section>
  )
}

function Part({ part }: { part: GuidePart }) {
  if (typeof part === 'string') {
    return (
      <p className="mt-3 max-w-3xl leading-relaxed">
        <Prose text={part} />
      </p>
    )
  }
  if ('code' in part) {
    return (
      <pre tabIndex={0} aria-label={part.label} role="group" className="mt-3 overflow-x-auto rounded-lg bg-sunken px-4 py-3.5 font-mono text-[0.83rem] leading-relaxed">
        {part.code}
      </pre>
    )
  }
  return <Table {...part} />
}
