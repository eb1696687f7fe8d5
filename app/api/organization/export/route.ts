import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { auditAs } from '@/lib/services/actor'
import { exportOrganization } from '@/lib/services/export-organization'
import { requirePermission } from '@/lib/services/require-permission'

/** Everything that the organisation owns, as one zip archive that is made while it is sent. */
export const GET = sessionRoute(async ({ session, request }) => {
  requirePermission(session.role, 'organization:export')
  await auditAs(actorOf({ session, request }), 'organization.exported', null)
  const pieces = exportOrganization(session.orgId)
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const step = await pieces.next()
      if (step.done === true) controller.close()
      else controller.enqueue(step.value)
    },
    async cancel() {
      // What it would return is for nobody.
      await endEarly(pieces)
    },
  })
  const day = new Date().toISOString().slice(0, 10)
  return new Response(body, {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="parley-export-${day}.zip"`,
      'cache-control': 'no-store',
    },
  })
})

async function endEarly(pieces: AsyncIterator<unknown>): Promise<void> {
  await pieces.return?.()
}
