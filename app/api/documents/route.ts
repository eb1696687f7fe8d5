import { documentWorker } from '@/app/_server/document-worker'
import { uploadForm } from '@/lib/contract/browser-translation'
import { listDocuments } from '@/lib/db/documents'
import { PLANS } from '@/lib/domain/plans'
import { parseEntered, parseFormOrJson, readBody } from '@/lib/http/request-body'
import { serverContext } from '@/lib/http/server-context'
import { sessionRoute } from '@/lib/http/session-route'
import { requirePermission } from '@/lib/services/require-permission'
import { submitDocument } from '@/lib/services/submit-document'
import { documentItem } from '@/lib/services/translation-items'

/** As many as a page shows. */
const SHOWN = 50
/** The form's other fields. */
const FORM_BYTES = 64 * 1024

export const GET = sessionRoute(async ({ session, reply }) => {
  requirePermission(session.role, 'use')
  const documents = await listDocuments(session.orgId, session.userId, SHOWN)
  return reply({ documents: documents.map((document) => documentItem(document)) })
})

/** Takes a file in; its translation goes on when the page is closed. */
export const POST = sessionRoute(async ({ session, request, caller, reply }) => {
  requirePermission(session.role, 'use')
  const body = await readBody(request, PLANS[session.plan].documentBytes + FORM_BYTES)
  const { file, source, target, glossary } = parseEntered(uploadForm, await parseFormOrJson(request, body, []))
  const { runtime, registry } = serverContext()
  const { document } = await submitDocument(runtime, registry, caller, {
    filename: file.name,
    file: new Uint8Array(await file.arrayBuffer()),
    source,
    target,
    glossaryId: glossary,
  })
  documentWorker().wake()
  return reply(documentItem(document), 201)
})
