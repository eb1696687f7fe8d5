const LONGEST_CYCLE = 12
const TIMES = 3

/**
 * Tokens whose end repeats itself at least three times over, with one turn of the cycle kept: a
 * greedy decoder that ran into its limit was most often caught in a loop.
 */
export function withoutTrailingLoop(ids: readonly number[]): readonly number[] {
  for (let cycle = 1; cycle <= LONGEST_CYCLE; cycle++) {
    let repeated = 0
    while (repeated + cycle < ids.length && ids[ids.length - 1 - repeated] === ids[ids.length - 1 - repeated - cycle]) repeated++
    if (repeated >= cycle * (TIMES - 1)) return ids.slice(0, ids.length - repeated)
  }
  return ids
}
