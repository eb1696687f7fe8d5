import { DocumentWorker } from '@/lib/services/document-worker'

import { generationContext } from './generation-context'

declare global {
  /** Outlives the module reloads of Next's development server, and is one for all of its bundles. */
  var parleyDocumentWorker: DocumentWorker | undefined
}

/** What translates documents in this process. */
export function documentWorker(): DocumentWorker {
  return (globalThis.parleyDocumentWorker ??= new DocumentWorker(generationContext))
}
