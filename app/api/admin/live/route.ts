import { liveStatus } from '@/lib/http/live-status'
import { operatorRoute } from '@/lib/http/operator-route'

/** Workers, queue, holds and this process, as they are now. */
export const GET = operatorRoute(async ({ signal, reply }) => reply(await liveStatus(signal)))
