import diagnostics from 'node:diagnostics_channel'
import { ServerResponse } from 'node:http'
import { z } from 'zod'

/** What this process is doing, for the operator's dashboard. */
interface ProcessStatus {
  requestsInFlight: number
  sweeper: { at: number; settled: number; released: number } | null
}

declare global {
  /** Next bundles this module more than once; the process counts once. */
  var parleyProcessStatus: ProcessStatus | undefined
  var parleyCountsRequests: true | undefined
}

export function processStatus(): ProcessStatus {
  return (globalThis.parleyProcessStatus ??= { requestsInFlight: 0, sweeper: null })
}

const started = z.object({ response: z.instanceof(ServerResponse) })

/** Counts the requests that this process's HTTP servers are answering: a stream until its last byte, or its client's leave. */
export function countRequestsInFlight(): void {
  if (globalThis.parleyCountsRequests === true) return
  globalThis.parleyCountsRequests = true
  diagnostics.subscribe('http.server.request.start', (message) => {
    const parsed = started.safeParse(message)
    if (!parsed.success) return
    const status = processStatus()
    status.requestsInFlight += 1
    parsed.data.response.once('close', () => (status.requestsInFlight -= 1))
  })
}

/** Notes that the sweeper has run to its end. */
export function noteSweep(swept: { settled: number; released: number }): void {
  processStatus().sweeper = { at: Date.now(), settled: swept.settled, released: swept.released }
}
