import type { TranslateEvent } from '@/lib/contract/browser'

import { WakeUp } from './wake-up'

export type TranslationResult = Omit<Extract<TranslateEvent, { type: 'result' }>, 'type'>

/** `work`'s progress reports while it runs, the newest where several come at once, then its result. Throws what it throws. */
export async function* withProgress(
  work: (onProgress: (done: number, total: number) => void) => Promise<TranslationResult>,
  signal: AbortSignal,
): AsyncGenerator<TranslateEvent, void, undefined> {
  const news = new WakeUp()
  const latest: { progress: { done: number; total: number } | null; over: boolean } = { progress: null, over: false }
  const result = work((done, total) => {
    latest.progress = { done, total }
    news.notify()
  }).finally(() => {
    latest.over = true
    news.notify()
  })
  // Awaited below; marked as handled for the case that the reader leaves before.
  result.catch(() => undefined)
  while (!latest.over && !signal.aborted) {
    if (latest.progress !== null) {
      yield { type: 'progress', ...latest.progress }
      latest.progress = null
    }
    await news.wait(60_000, signal)
  }
  yield { type: 'result', ...(await result) }
}
