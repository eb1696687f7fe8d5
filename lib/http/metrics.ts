import { Counter, Histogram, Registry } from 'prom-client'

/** What this process counts; Prometheus adds processes up. */
interface Metrics {
  registry: Registry
  requests: Counter<'method' | 'route' | 'status'>
  seconds: Histogram<'method' | 'route'>
  limited: Counter<'limit'>
}

declare global {
  /** Next bundles this module more than once; the process counts once. */
  var parleyMetrics: Metrics | undefined
}

export function metrics(): Metrics {
  return (globalThis.parleyMetrics ??= createMetrics())
}

function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    requests: new Counter({ name: 'parley_http_requests_total', help: 'Requests answered, by route and status.', labelNames: ['method', 'route', 'status'], registers }),
    seconds: new Histogram({
      name: 'parley_http_request_seconds',
      help: 'From the request to the head of its answer; of a stream, to its first event.',
      labelNames: ['method', 'route'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    limited: new Counter({ name: 'parley_rate_limited_total', help: 'Requests refused by a rate limit, by what it holds for.', labelNames: ['limit'], registers }),
  }
}

/** Starts the clock of a request; the returned function ends it with the answer's status. */
export function observeRequest(method: string, route: string): (status: number) => void {
  const { requests, seconds } = metrics()
  const end = seconds.startTimer({ method, route })
  return (status) => {
    end()
    requests.inc({ method, route, status: String(status) })
  }
}
