const GATHER_MS = 100

/**
 * Passes a stream on, but nothing before `note` has put it on record: whoever is killed, the account
 * has at least what the client saw. The first items pass at once; those that come within 100 ms of
 * a note gather for the next one. Leaving early ends the source.
 */
export async function* notedStream<T>(source: AsyncGenerator<T, void>, note: () => Promise<void>, gatherMs = GATHER_MS): AsyncGenerator<T, void> {
  let notedAt = Number.NEGATIVE_INFINITY
  let next = advance(source)
  try {
    for (;;) {
      const first = await next
      if (first.done === true) return
      const batch = [first.value]
      next = advance(source)
      for (let more = await within(next, notedAt + gatherMs - performance.now()); more !== null; more = await within(next, notedAt + gatherMs - performance.now())) {
        batch.push(more)
        next = advance(source)
      }
      await note()
      notedAt = performance.now()
      yield* batch
    }
  } finally {
    await source.return()
  }
}

/** Its failure is told to whoever awaits it, which is after everything before it was passed on. */
function advance<T>(source: AsyncGenerator<T, void>): Promise<IteratorResult<T, void>> {
  const next = source.next()
  next.catch(() => undefined)
  return next
}

/** The item, where there is one in time; null where there is none, or the stream has ended or failed. */
async function within<T>(next: Promise<IteratorResult<T, void>>, ms: number): Promise<T | null> {
  if (ms <= 0) return null
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  const result = await Promise.race([next.catch(() => null), late])
  clearTimeout(timer)
  return result === null || result.done === true ? null : result.value
}
