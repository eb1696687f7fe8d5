import { describe, expect, it } from 'vitest'

import type { PriceVersion } from '@/lib/domain/pricing'

import { priceTable } from './price-table'

const version = (change: Partial<PriceVersion>): PriceVersion => ({
  plan: 'free',
  model: '*',
  feature: 'chat',
  direction: 'prompt',
  microsPerMillion: 500_000n,
  validFrom: new Date('2000-01-01'),
  ...change,
})

const at = new Date('2026-11-24')

describe('the price list of a moment', () => {
  it('shows the latest valid price and the next to come, whatever order they were set in', () => {
    const rows = priceTable(
      [
        version({ microsPerMillion: 900_000n, validFrom: new Date('2027-02-01') }),
        version({ microsPerMillion: 700_000n, validFrom: new Date('2026-12-01') }),
        version({ microsPerMillion: 600_000n, validFrom: new Date('2026-11-01') }),
        version({}),
      ],
      at,
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]?.cells.free).toEqual({ now: 600_000n, next: { price: 700_000n, from: new Date('2026-12-01') } })
    expect(rows[0]?.cells.pro).toEqual({ now: null, next: null })
  })

  it('leaves out what costs nothing, and a model’s own price that has ended', () => {
    const ended = [version({ model: 'big' }), version({ model: 'big', microsPerMillion: null, validFrom: new Date('2026-01-01') })]
    expect(priceTable([version({ microsPerMillion: 0n }), ...ended], at)).toEqual([])
  })

  it('has every model’s prices first', () => {
    expect(priceTable([version({ model: 'a' }), version({})], at).map(({ model }) => model)).toEqual(['*', 'a'])
  })
})
