import { changeGlossaryBody } from '@/lib/contract/browser-translation'
import { checkEntries, entriesFromTsv } from '@/lib/domain/glossary-entries'
import { sessionRoute } from '@/lib/http/session-route'
import { changeGlossary, findEntries, removeGlossary } from '@/lib/services/glossaries'
import { requirePermission } from '@/lib/services/require-permission'
import { glossaryItem } from '@/lib/services/translation-items'

export const GET = sessionRoute(async ({ session, params, reply }) => {
  requirePermission(session.role, 'use')
  const glossary = await findEntries(session.orgId, params['id'] ?? '')
  return reply({ ...glossaryItem(glossary), entries: entriesFromTsv(glossary.entries) })
})

export const PUT = sessionRoute(async ({ session, caller, params, json, reply }) => {
  requirePermission(session.role, 'glossaries:write')
  const { name, entries } = await json(changeGlossaryBody)
  await changeGlossary(caller, params['id'] ?? '', { name, entries: () => checkEntries(entries) })
  return reply({ saved: true })
})

export const DELETE = sessionRoute(async ({ session, caller, params, reply }) => {
  requirePermission(session.role, 'glossaries:write')
  await removeGlossary(caller, params['id'] ?? '')
  return reply({ deleted: true })
})
