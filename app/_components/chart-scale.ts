/** The least round number (1, 2 or 5 times a power of ten, at least 10) that is not below the largest value. */
export function roundTop(largest: number): number {
  if (largest <= 10) return 10
  const power = 10 ** Math.floor(Math.log10(largest))
  const steps = [1, 2, 5, 10].map((step) => step * power)
  return steps.find((step) => step >= largest) ?? 10 * power
}
