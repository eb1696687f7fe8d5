import { checkHealth } from '@/lib/http/health'
import { answerRequest, methodNotAllowed } from '@/lib/http/route-handling'

export const dynamic = 'force-dynamic'

export function GET(request: Request): Promise<Response> {
  return answerRequest('browser', request, async () => {
    const health = await checkHealth(request.signal)
    return Response.json(health, { status: health.status === 'ok' ? 200 : 503, headers: { 'cache-control': 'no-store' } })
  })
}

export const POST = methodNotAllowed('browser', ['GET'])
