import { describe, expect, test } from 'vitest'
import { philox, uniform } from '@/workers/model/counter-random'

describe('the counter-based generator', () => {
  test('gives the known answers of Philox4x32-10', () => {
    const ones = 0xffffffff
    expect(philox([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8])
    expect(philox([ones, ones, ones, ones], [ones, ones])).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd])
    expect(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]))
      .toEqual([0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1])
  })

  test('tells seeds, choices and positions apart, negative and large seeds among them', () => {
    const seeds = [0, 1, -1, 2 ** 32, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]
    const draws = seeds.flatMap((seed) => [0, 1].flatMap((choice) => [0, 1].map((position) => uniform(seed, choice, position))))
    expect(new Set(draws).size).toBe(draws.length)
    expect(uniform(7, 1, 2)).toBe(uniform(7, 1, 2))
  })

  test('is uniform over [0, 1) and independent from one position to the next', () => {
    const draws = Array.from({ length: 4000 }, (_, position) => uniform(42, 0, position))
    const cells = new Array<number>(16).fill(0)
    draws.forEach((draw, index) => {
      expect(draw).toBeGreaterThanOrEqual(0)
      expect(draw).toBeLessThan(1)
      const next = draws[(index + 1) % draws.length] ?? 0
      const cell = 4 * Math.floor(4 * draw) + Math.floor(4 * next)
      cells[cell] = (cells[cell] ?? 0) + 1
    })
    const expected = draws.length / cells.length
    const chiSquare = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    expect(chiSquare).toBeLessThan(37.7) // 0.1 % level at 15 degrees of freedom
  })
})
