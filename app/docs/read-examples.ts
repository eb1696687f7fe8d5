import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

import type { Language } from './example-language'

export type Examples = ReadonlyMap<string, Readonly<Record<Language, string>>>

const ENDINGS: Record<Language, string> = { curl: '.sh', TypeScript: '.ts', Python: '.py' }

/** The programs under docs/examples, by name. */
export async function readExamples(folder = path.join(process.cwd(), 'docs', 'examples')): Promise<Examples> {
  const names = [...new Set((await readdir(folder)).map((file) => path.parse(file).name))].sort()
  const read = async (name: string, language: Language): Promise<string> => (await readFile(path.join(folder, name + ENDINGS[language]), 'utf8')).trimEnd()
  const entries = names.map(async (name) => {
    const [curl, typescript, python] = await Promise.all([read(name, 'curl'), read(name, 'TypeScript'), read(name, 'Python')])
    return [name, { curl, TypeScript: typescript, Python: python }] as const
  })
  return new Map(await Promise.all(entries))
}
