import type { ReactNode } from 'react'

/** A sentence in which `code` stands between backticks. */
export function Prose({ text }: { text: string }): ReactNode {
  return text.split('`').map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={index} className="rounded bg-sunken px-1 py-0.5 font-mono text-[0.88em] break-words">
        {part}
      </code>
    ),
  )
}
