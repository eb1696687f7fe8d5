import { Prose } from './prose'

interface TableProps {
  /** What it is a table of, for those who cannot see it. */
  label: string
  head: readonly string[]
  /** Cells in which `code` stands between backticks. */
  rows: readonly (readonly string[])[]
}

/** Scrolls by itself where it is wider than the page. */
export function Table({ label, head, rows }: TableProps) {
  return (
    <div tabIndex={0} role="group" aria-label={label} className="mt-3 overflow-x-auto rounded-lg border border-line">
      <table className="w-full text-left text-[0.93rem]">
        <thead className="bg-sunken text-[0.83rem] text-muted">
          <tr>
            {head.map((title) => (
              <th key={title} scope="col" className="px-3 py-2 font-medium">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((cells) => (
            <tr key={cells[0]} className="align-top">
              {cells.map((cell, index) => (
                <td key={index} className={`px-3 py-2 ${index === cells.length - 1 ? 'min-w-48' : ''}`}>
                  <Prose text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
