import { Time } from '@/app/_components/time'
import { PLAN_NAMES } from '@/lib/domain/plans'

import { DIRECTION_NAMES, featureName, modelName, price } from './names'
import type { PriceCell, PriceRow } from './price-table'

export function CurrentPrices({ rows }: { rows: readonly PriceRow[] }) {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Prices that are valid now">
      <table className="tabular w-full text-right text-[0.93rem]">
        <thead className="text-[0.83rem] text-muted">
          <tr>
            {['Model', 'Feature', 'For a million'].map((heading) => (
              <th key={heading} scope="col" className="pr-4 pb-2 text-left font-medium">
                {heading}
              </th>
            ))}
            {PLAN_NAMES.map((plan) => (
              <th key={plan} scope="col" className="pb-2 pl-4 font-medium capitalize">
                {plan}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ model, feature, direction, cells }) => (
            <tr key={`${model} ${feature} ${direction}`} className="border-t border-line align-top">
              <td className="py-2 pr-4 text-left">{modelName(model)}</td>
              <td className="py-2 pr-4 text-left whitespace-nowrap">{featureName(feature)}</td>
              <th scope="row" className="py-2 pr-4 text-left font-normal whitespace-nowrap">
                {DIRECTION_NAMES[direction]}
              </th>
              {PLAN_NAMES.map((plan) => (
                <td key={plan} className="py-2 pl-4">
                  <Cell {...cells[plan]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell({ now, next }: PriceCell) {
  return (
    <>
      {now === null ? <span className="text-muted">as every model</span> : price(now)}
      {next !== null && (
        <span className="block text-[0.83rem] text-muted">
          {next.price === null ? 'as every model' : price(next.price)} from <Time at={next.from.toISOString()} style="date-time" />
        </span>
      )}
    </>
  )
}
