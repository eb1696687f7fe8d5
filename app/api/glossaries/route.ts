import { createGlossaryBody } from '@/lib/contract/browser-translation'
import { listGlossaries } from '@/lib/db/glossaries'
import { checkEntries } from '@/lib/domain/glossary-entries'
import { serverContext } from '@/lib/http/server-context'
import { sessionRoute } from '@/lib/http/session-route'
import { addGlossary } from '@/lib/services/glossaries'
import { requirePermission } from '@/lib/services/require-permission'
import { glossaryItem } from '@/lib/services/translation-items'

export const GET = sessionRoute(async ({ session, reply }) => {
  requirePermission(session.role, 'use')
  return reply({ glossaries: (await listGlossaries(session.orgId)).map(glossaryItem) })
})

export const POST = sessionRoute(async ({ session, caller, json, reply }) => {
  requirePermission(session.role, 'glossaries:write')
  const { entries, ...rest } = await json(createGlossaryBody)
  return reply(glossaryItem(await addGlossary(serverContext().registry, caller, { ...rest, entries: () => checkEntries(entries) })), 201)
})
