import { Time } from '@/app/_components/time'
import type { StoredPriceVersion } from '@/lib/db/price-list'

import { DIRECTION_NAMES, featureName, modelName, price } from './names'

const SHOWN = 200

export function PriceHistory({ versions }: { versions: readonly (StoredPriceVersion & { by: string })[] }) {
  if (versions.length === 0) return <p className="text-muted">No price was changed yet: those that Parley came with are valid.</p>
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="History of prices">
      <table className="tabular w-full text-left text-[0.93rem]">
        <thead className="text-[0.83rem] text-muted">
          <tr>
            {['Valid from', 'Plan', 'Model', 'Feature', 'For a million', 'Price', 'Set', 'By'].map((heading) => (
              <th key={heading} scope="col" className="pr-4 pb-2 font-medium whitespace-nowrap">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {versions.slice(0, SHOWN).map((version) => (
            <tr key={version.id} className="border-t border-line">
              <td className="py-2 pr-4 whitespace-nowrap">
                <Time at={version.validFrom.toISOString()} style="date-time" />
              </td>
              <td className="py-2 pr-4 capitalize">{version.plan}</td>
              <td className="py-2 pr-4">{modelName(version.model)}</td>
              <td className="py-2 pr-4 whitespace-nowrap">{featureName(version.feature)}</td>
              <td className="py-2 pr-4 whitespace-nowrap">{DIRECTION_NAMES[version.direction]}</td>
              <td className="py-2 pr-4">{version.microsPerMillion === null ? 'as every model' : price(version.microsPerMillion)}</td>
              <td className="py-2 pr-4 whitespace-nowrap">
                <Time at={version.createdAt.toISOString()} style="date-time" />
              </td>
              <td className="py-2 break-all">{version.by}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {versions.length > SHOWN && <p className="mt-3 text-muted">The latest {SHOWN} of {versions.length}.</p>}
    </div>
  )
}
