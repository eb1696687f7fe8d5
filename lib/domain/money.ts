/** Micro-units: millionths of the currency unit. A millionth of one, which prices count in, is a pico-unit. */

const PICOS = 1_000_000_000_000n

export const PICOS_IN_MICRO = 1_000_000n

/**
 * An amount of pico-units as a decimal number of currency units, exactly: at least `places`
 * decimals, and as many more as it takes. Never in exponents, with a point, without separators.
 */
export function exactAmount(picos: bigint, places = 2): string {
  const sign = picos < 0n ? '-' : ''
  const size = picos < 0n ? -picos : picos
  const fraction = (size % PICOS).toString().padStart(12, '0').replace(/0+$/u, '').padEnd(places, '0')
  return `${sign}${size / PICOS}${fraction === '' ? '' : `.${fraction}`}`
}

/** Micro-units as an exact decimal number of currency units. */
export function exactMicros(micros: bigint, places = 2): string {
  return exactAmount(micros * PICOS_IN_MICRO, places)
}

/** The amount as people read it, with the currency's sign: cents where they say enough, all six places where it is smaller. */
export function showMicros(micros: bigint, currency: string): string {
  const size = micros < 0n ? -micros : micros
  const digits = size === 0n || size >= 10_000n ? 2 : 6
  return new Intl.NumberFormat('en', { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(Number(micros) / 1e6)
}

/** A decimal number of currency units as micro-units; null where it is none, is negative or has more than six decimals. */
export function parseMicros(text: string): bigint | null {
  const [, units = '', fraction = ''] = /^(\d{1,9})(?:\.(\d{1,6}))?$/u.exec(text.trim()) ?? []
  return units === '' ? null : BigInt(units) * PICOS_IN_MICRO + BigInt(fraction.padEnd(6, '0'))
}
