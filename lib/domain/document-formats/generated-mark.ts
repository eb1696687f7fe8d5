import { strFromU8, strToU8, unzipSync, zipSync, type Zippable } from 'fflate'
import { escapeMarkup } from '../markup'
import type { DocumentFormatName } from './formats'

const CORE = 'docProps/core.xml'
const STATUS = /<cp:contentStatus\b[^>]*(?:\/>|>[\s\S]*?<\/cp:contentStatus>)/u

/**
 * A translated file that says so, where its format has a place for that beside its content: a Word
 * document's property "content status". A file without properties, or of another format, stays as it is.
 */
export function markTranslated(format: DocumentFormatName, file: Uint8Array, model: string): Uint8Array {
  return format === 'docx' ? markWord(file, model) : file
}

function markWord(file: Uint8Array, model: string): Uint8Array {
  const files = unzipSync(file)
  const core = files[CORE]
  if (core === undefined) return file
  const xml = strFromU8(core)
  const status = `<cp:contentStatus>Machine translation by ${escapeMarkup(model)} (Parley)</cp:contentStatus>`
  const marked = STATUS.test(xml) ? xml.replace(STATUS, () => status) : xml.replace('</cp:coreProperties>', () => `${status}</cp:coreProperties>`)
  if (marked === xml) return file
  const entries: Zippable = {}
  for (const [name, content] of Object.entries(files)) entries[name] = [name === CORE ? strToU8(marked) : content, { mtime: new Date(1980, 0, 1) }]
  return zipSync(entries)
}
