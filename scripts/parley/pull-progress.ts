import type { PullProgress } from '@/lib/checkpoints/pull-checkpoint'
import { megabytes } from '../step-printer'
import type { Progress } from '../step-printer'

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}

/** Turns a pull's counts into a bar with bytes, rate and time left. The rate counts what came over the network in this run. */
export function pullProgress(show: Progress, now: () => number = Date.now): (at: PullProgress) => void {
  const started = now()
  return ({ received, total, resumed }) => {
    const seconds = (now() - started) / 1000
    const rate = seconds > 0 ? Math.max(0, received - resumed) / seconds : 0
    const left = rate > 0 && received < total ? `, ${duration((total - received) / rate)} left` : ''
    const continued = resumed > 0 ? `, continued at ${megabytes(resumed)}` : ''
    show(`${megabytes(received)} of ${megabytes(total)}, ${(rate / 1e6).toFixed(1)} MB/s${left}${continued}`, total === 0 ? 0 : received / total)
  }
}
