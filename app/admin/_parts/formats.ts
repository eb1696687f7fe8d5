const COUNT = new Intl.NumberFormat('en')
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const MONEY = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

export function count(value: number): string {
  return COUNT.format(value)
}

export function compact(value: number): string {
  return COMPACT.format(value)
}

/** Micro-units as currency units with two places; small amounts keep what makes them more than nothing. */
export function money(micros: bigint | number): string {
  const units = Number(micros) / 1_000_000
  return units !== 0 && Math.abs(units) < 0.01 ? units.toPrecision(2) : MONEY.format(units)
}

export function bytes(value: number): string {
  const mebibytes = value / 2 ** 20
  return mebibytes >= 1024 ? `${(mebibytes / 1024).toFixed(1)} GiB` : `${Math.round(mebibytes)} MiB`
}
