import { GlossaryError, parseEntries, type GlossaryEntry } from '@/lib/domain/glossary-entries'

/** A glossary's file: .csv by its name, or tab-separated. Throws GlossaryError, whose message is for people. */
export async function readEntries(file: File, languages: { source: string; target: string }): Promise<GlossaryEntry[]> {
  return parseEntries(await file.text(), /\.csv$/iu.test(file.name) ? 'csv' : 'tsv', languages)
}

export function entriesProblem(error: unknown): string {
  return error instanceof GlossaryError ? error.message : 'The file could not be read.'
}
