/** The k-th largest number (k from 1, at most the length), by Hoare's selection: linear time, where sorting 50,000 logits is not. */
export function kthLargest(values: Float32Array, k: number): number {
  const work = values.slice()
  const target = k - 1
  let left = 0
  let right = work.length - 1
  const at = (index: number): number => work[index] ?? -Infinity
  while (left < right) {
    const pivot = at((left + right) >> 1)
    let i = left
    let j = right
    while (i <= j) {
      while (at(i) > pivot) i++
      while (at(j) < pivot) j--
      if (i > j) break
      const swapped = at(i)
      work[i] = at(j)
      work[j] = swapped
      i++
      j--
    }
    // All of [left, j] are at least the pivot, all of [i, right] at most.
    if (target <= j) right = j
    else if (target >= i) left = i
    else break
  }
  return at(target)
}

/** Ids of the `count` largest numbers, largest first; among equal ones the lower id. */
export function largestIds(values: Float32Array, count: number): number[] {
  const wanted = Math.min(count, values.length)
  if (wanted <= 0) return []
  const threshold = kthLargest(values, wanted)
  const ids: number[] = []
  const at = (id: number): number => values[id] ?? -Infinity
  for (let id = 0; id < values.length; id++) {
    if (at(id) >= threshold) ids.push(id)
  }
  return ids.sort((a, b) => at(b) - at(a) || a - b).slice(0, wanted)
}
