import { exactAmount, exactMicros, PICOS_IN_MICRO } from '@/lib/domain/money'
import { csvCells, csvName } from './csv'
import type { Statement } from './monthly-statement'

const COLUMNS = ['organization', 'organization_name', 'month', 'model', 'feature', 'plan', 'line', 'quantity', 'price_per_million', 'amount', 'currency']

/**
 * A row a line, then one of the total. Amounts are exact decimals: all rows but the last add up to
 * the last. `rounding` is what rounding each request up to a millionth of the currency unit added;
 * its quantity is the number of requests.
 */
export function statementCsv(statement: Statement): string {
  const { orgId, orgName, month, currency } = statement
  const row = (...cells: string[]): string => csvCells([orgId, csvName(orgName), month, ...cells, currency])
  const lines = statement.groups.flatMap(({ model: name, feature, plan, requests, lines: parts, roundingPicos }) => {
    const model = csvName(name)
    return [
      ...parts.map(({ direction, quantity, price, picos }) =>
        row(model, feature, plan, direction, String(quantity), exactAmount(price * PICOS_IN_MICRO), exactAmount(picos)),
      ),
      ...(roundingPicos === 0n ? [] : [row(model, feature, plan, 'rounding', String(requests), '', exactAmount(roundingPicos))]),
    ]
  })
  return [csvCells(COLUMNS), ...lines, row('', '', '', 'total', String(statement.requests), '', exactMicros(statement.costMicros)), ''].join('\n')
}
