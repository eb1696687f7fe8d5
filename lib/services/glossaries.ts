import type { CheckpointRegistry } from '@/lib/checkpoints/registry'
import { AppError } from '@/lib/contract/errors'
import type { GlossaryObject } from '@/lib/contract/deepl-glossaries'
import { recordAudit } from '@/lib/db/audit'
import { createGlossary, deleteGlossary, listGlossaries, readGlossary, updateGlossary, type Glossary } from '@/lib/db/glossaries'
import { entriesFromTsv, entriesToTsv, GlossaryError, type GlossaryEntry } from '@/lib/domain/glossary-entries'
import { termFinder, type TermFinder } from '@/lib/domain/glossary-terms'
import { baseLanguage } from '@/lib/domain/language-tags'
import type { Caller } from './caller'
import { translationModel } from './list-models'

/** As many as DeepL allows. */
const MOST_GLOSSARIES = 1000

export interface NewGlossary {
  name: string
  /** ISO 639-1, lower case. */
  source: string
  target: string
  /** Reads and checks the entries; what it throws as a GlossaryError is answered with 400. */
  entries: () => GlossaryEntry[]
}

/** Throws AppError invalid_request for entries at fault, or a pair that the model does not translate. */
export async function addGlossary(registry: CheckpointRegistry, caller: Caller, { name, source, target, entries }: NewGlossary): Promise<Glossary> {
  const { orgId, userId, keyId } = caller
  const pairs = await glossaryPairs(registry)
  if (!pairs.some(([from, to]) => from === source && to === target)) {
    throw new AppError('invalid_request', `There are no glossaries from ${source.toUpperCase()} to ${target.toUpperCase()}.`, { param: 'target_lang' })
  }
  const list = checked(entries)
  if ((await listGlossaries(orgId)).length >= MOST_GLOSSARIES) {
    throw new AppError('invalid_request', `An organisation may have ${MOST_GLOSSARIES} glossaries. Delete one that is no longer needed.`)
  }
  const glossary = await createGlossary(orgId, {
    name,
    sourceLang: source,
    targetLang: target,
    entries: entriesToTsv(list),
    entryCount: list.length,
    createdBy: userId,
  })
  await recordAudit({ orgId, actorId: userId, action: 'glossary.created', target: name, details: { glossary: glossary.id, entries: list.length, key: keyId } })
  return glossary
}

/** Gives a glossary other entries or another name. Throws as addGlossary does, and AppError not_found. */
export async function changeGlossary(caller: Caller, id: string, { name, entries }: { name: string; entries: () => GlossaryEntry[] }): Promise<void> {
  const { orgId, userId, keyId } = caller
  const list = checked(entries)
  if (!(await updateGlossary(orgId, id, { name, entries: entriesToTsv(list), entryCount: list.length }))) throw noGlossary()
  await recordAudit({ orgId, actorId: userId, action: 'glossary.changed', target: name, details: { glossary: id, entries: list.length, key: keyId } })
}

/** Throws AppError not_found. */
export async function removeGlossary(caller: Caller, id: string): Promise<void> {
  const { orgId, userId, keyId } = caller
  const glossary = await findEntries(orgId, id)
  await deleteGlossary(orgId, id)
  await recordAudit({ orgId, actorId: userId, action: 'glossary.deleted', target: glossary.name, details: { glossary: id, key: keyId } })
}

/** A glossary with its entries. Throws AppError not_found. */
export async function findEntries(orgId: string, id: string): Promise<Glossary & { entries: string }> {
  const glossary = await readGlossary(orgId, id)
  if (glossary === null) throw noGlossary()
  return glossary
}

/**
 * A glossary's terms, for a translation between these languages. Throws AppError not_found, and
 * invalid_request where it has another pair or the source language is left open.
 */
export async function glossaryTerms(orgId: string, id: string, languages: { source: string | null; target: string }): Promise<TermFinder> {
  if (languages.source === null) throw new AppError('invalid_request', 'A glossary needs the source language to be named.', { param: 'source_lang' })
  const { sourceLang, targetLang, entries } = await findEntries(orgId, id)
  if (sourceLang !== baseLanguage(languages.source) || targetLang !== baseLanguage(languages.target)) {
    const pair = `${sourceLang.toUpperCase()} to ${targetLang.toUpperCase()}`
    throw new AppError('invalid_request', `The glossary is for translations from ${pair}.`, { param: 'glossary_id' })
  }
  return termFinder(entriesFromTsv(entries))
}

/** The pairs that glossaries may have: what the model translates. */
export async function glossaryPairs(registry: CheckpointRegistry): Promise<readonly (readonly [string, string])[]> {
  const { card } = await translationModel(registry)
  return card?.translation?.directions ?? []
}

export function glossaryObject(glossary: Glossary): GlossaryObject {
  return {
    glossary_id: glossary.id,
    name: glossary.name,
    ready: true,
    source_lang: glossary.sourceLang,
    target_lang: glossary.targetLang,
    creation_time: glossary.createdAt.toISOString(),
    entry_count: glossary.entryCount,
  }
}

function checked(entries: () => GlossaryEntry[]): GlossaryEntry[] {
  try {
    return entries()
  } catch (cause) {
    if (cause instanceof GlossaryError) throw new AppError('invalid_request', cause.message, { param: 'entries', cause })
    throw cause
  }
}

function noGlossary(): AppError {
  return new AppError('not_found', 'There is no such glossary.', { param: 'glossary_id' })
}
