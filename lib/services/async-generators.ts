/**
 * What several generators yield, as it comes; at most `limit` of them run at a time, started in
 * order. The first that throws ends the whole, and so does the consumer by returning: `stop` is then
 * called so that those still running end, and waited for.
 */
export async function* merged<T>(sources: readonly (() => AsyncGenerator<T, void>)[], limit: number, stop: () => void): AsyncGenerator<T, void> {
  const waiting = [...sources]
  const running = new Map<AsyncGenerator<T, void>, Promise<{ generator: AsyncGenerator<T, void>; result: IteratorResult<T, void> }>>()
  const advance = (generator: AsyncGenerator<T, void>): void => {
    running.set(generator, generator.next().then((result) => ({ generator, result })))
  }
  const start = (): void => {
    const source = waiting.shift()
    if (source !== undefined) advance(source())
  }
  try {
    for (let count = 0; count < limit; count++) start()
    while (running.size > 0) {
      const { generator, result } = await Promise.race(running.values())
      if (result.done === true) {
        running.delete(generator)
        start()
      } else {
        advance(generator)
        yield result.value
      }
    }
  } finally {
    if (running.size > 0) {
      stop()
      await Promise.allSettled([...running].flatMap(([generator, step]) => [step, generator.return()]))
    }
  }
}

/** What a generator yields, each turned into any number of others, and its result. Leaving early ends the source. */
export async function* flatMapped<A, B, R>(source: AsyncGenerator<A, R>, turn: (item: A) => readonly B[]): AsyncGenerator<B, R> {
  let ended = false
  try {
    let result = await source.next()
    for (; result.done !== true; result = await source.next()) yield* turn(result.value)
    ended = true
    return result.value
  } finally {
    if (!ended) await endEarly(source)
  }
}

/** Ends a generator whose result nobody waits for. */
async function endEarly(source: AsyncIterator<unknown>): Promise<void> {
  await source.return?.()
}
