import { storableText } from './storable-text'
import { withTenant } from './tenant'
import { isUuid } from './uuid'

/** A glossary without its entries. */
export interface Glossary {
  id: string
  name: string
  /** ISO 639-1, lower case. */
  sourceLang: string
  targetLang: string
  entryCount: number
  createdAt: Date
  updatedAt: Date
}

/** `entries` is tab-separated, a line an entry. */
export type GlossaryContent = { name: string; entries: string; entryCount: number }

const SHOWN = { id: true, name: true, sourceLang: true, targetLang: true, entryCount: true, createdAt: true, updatedAt: true } as const

export async function createGlossary(
  orgId: string,
  glossary: GlossaryContent & { sourceLang: string; targetLang: string; createdBy: string | null },
): Promise<Glossary> {
  const { name, entries, ...rest } = glossary
  return withTenant(orgId, (tx) =>
    tx.glossary.create({ data: { orgId, name: storableText(name), entries: storableText(entries), ...rest }, select: SHOWN }),
  )
}

/** Latest first. */
export async function listGlossaries(orgId: string): Promise<Glossary[]> {
  return withTenant(orgId, (tx) => tx.glossary.findMany({ where: { orgId }, select: SHOWN, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }))
}

/** null where the tenant has none such. */
export async function findGlossary(orgId: string, id: string): Promise<Glossary | null> {
  if (!isUuid(id)) return null
  return withTenant(orgId, (tx) => tx.glossary.findFirst({ where: { orgId, id }, select: SHOWN }))
}

/** The same with its entries. */
export async function readGlossary(orgId: string, id: string): Promise<(Glossary & { entries: string }) | null> {
  if (!isUuid(id)) return null
  return withTenant(orgId, (tx) => tx.glossary.findFirst({ where: { orgId, id }, select: { ...SHOWN, entries: true } }))
}

/** False where the tenant has none such. */
export async function updateGlossary(orgId: string, id: string, { name, entries, entryCount }: GlossaryContent): Promise<boolean> {
  if (!isUuid(id)) return false
  const data = { name: storableText(name), entries: storableText(entries), entryCount, updatedAt: new Date() }
  const { count } = await withTenant(orgId, (tx) => tx.glossary.updateMany({ where: { orgId, id }, data }))
  return count === 1
}

/** False where the tenant has none such. */
export async function deleteGlossary(orgId: string, id: string): Promise<boolean> {
  if (!isUuid(id)) return false
  const { count } = await withTenant(orgId, (tx) => tx.glossary.deleteMany({ where: { orgId, id } }))
  return count === 1
}
