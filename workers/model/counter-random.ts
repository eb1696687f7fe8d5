/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"):
 * random bits as a function of a key and a counter, so that a draw depends on nothing that was drawn
 * before it, nor on what else runs in the batch. It passes BigCrush.
 */

type Words<N extends number> = N extends 2 ? readonly [number, number] : readonly [number, number, number, number]

const ROUNDS = 10
const MULTIPLIERS = [0xd2511f53n, 0xcd9e8d57n] as const
const KEY_STEPS = [0x9e3779b9, 0xbb67ae85] as const

/** High and low half of the 64-bit product. */
function multiply(a: bigint, b: number): [high: number, low: number] {
  const product = a * BigInt(b)
  return [Number(product >> 32n), Number(product & 0xffffffffn)]
}

/** Four random 32-bit words. */
export function philox(counter: Words<4>, key: Words<2>): Words<4> {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < ROUNDS; round++) {
    const [high0, low0] = multiply(MULTIPLIERS[0], c0)
    const [high1, low1] = multiply(MULTIPLIERS[1], c2)
    c0 = (high1 ^ c1 ^ k0) >>> 0
    c1 = low1
    c2 = (high0 ^ c3 ^ k1) >>> 0
    c3 = low0
    k0 = (k0 + KEY_STEPS[0]) >>> 0
    k1 = (k1 + KEY_STEPS[1]) >>> 0
  }
  return [c0, c1, c2, c3]
}

/**
 * A number in [0, 1) with 53 random bits, for the token at `position` of choice number `choice`.
 * `seed` is any safe integer.
 */
export function uniform(seed: number, choice: number, position: number): number {
  const bits = BigInt.asUintN(64, BigInt(seed))
  const [high, low] = philox([position >>> 0, choice >>> 0, 0, 0], [Number(bits & 0xffffffffn), Number(bits >> 32n)])
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53
}
