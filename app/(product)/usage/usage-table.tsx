import type { Sums } from './usage-sums'

interface UsageTableProps {
  heading: string
  rows: readonly (Sums & { name: string })[]
}

const COUNT = new Intl.NumberFormat('en')

export function UsageTable({ heading, rows }: UsageTableProps) {
  if (rows.length === 0) return <p className="text-muted">Nothing was used this month.</p>
  return (
    <div className="-mx-1 overflow-x-auto px-1" tabIndex={0} role="region" aria-label={`Usage by ${heading.toLowerCase()}`}>
      <table className="tabular w-full text-right text-[0.93rem]">
        <thead className="text-[0.83rem] text-muted">
          <tr>
            <th scope="col" className="pb-2 text-left font-medium">
              {heading}
            </th>
            <th scope="col" className="pb-2 pl-4 font-medium">
              Requests
            </th>
            <th scope="col" className="pb-2 pl-4 font-medium">
              Tokens
            </th>
            <th scope="col" className="pb-2 pl-4 font-medium">
              Characters
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, requests, promptTokens, completionTokens, characters }) => (
            <tr key={name} className="border-t border-line">
              <th scope="row" className="max-w-48 truncate py-2 text-left font-normal">
                {name}
              </th>
              <td className="pl-4">{COUNT.format(requests)}</td>
              <td className="pl-4">{COUNT.format(promptTokens + completionTokens)}</td>
              <td className="pl-4">{COUNT.format(characters)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
