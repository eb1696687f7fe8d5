import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '@/lib/contract/errors'
import { metrics } from '@/lib/http/metrics'
import { answerRequest, methodNotAllowed } from '@/lib/http/route-handling'
import { serverContext } from '@/lib/http/server-context'
import { setStateMetrics } from '@/lib/http/state-metrics'

export const dynamic = 'force-dynamic'

/** What this process counts and what it sees of database and worker, as Prometheus reads it, behind METRICS_TOKEN. */
export function GET(request: Request): Promise<Response> {
  return answerRequest('browser', request, async () => {
    requireMetricsToken(request)
    const { registry } = metrics()
    await setStateMetrics(registry)
    return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType, 'cache-control': 'no-store' } })
  })
}

export const POST = methodNotAllowed('browser', ['GET'])

function requireMetricsToken(request: Request): void {
  const { METRICS_TOKEN: token } = serverContext().env
  if (token === undefined) throw new AppError('not_found', 'There are no metrics here: METRICS_TOKEN is not set.')
  const sent = /^\s*Bearer\s+(\S.*?)\s*$/iu.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  if (!timingSafeEqual(digest(sent), digest(token))) throw new AppError('unauthenticated', "Send the operator's token in the header 'Authorization: Bearer TOKEN'.")
}
