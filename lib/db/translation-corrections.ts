import type { CorrectionStatus } from './generated/client'
import { storableText } from './storable-text'
import { withTenant } from './tenant'
import { isUuid } from './uuid'

export interface NewCorrection {
  userId: string | null
  keyId: string | null
  source: string
  /** ISO 639-1, lower case. */
  sourceLang: string
  targetLang: string
  /** What had been shown. */
  output: string | null
  correction: string
  /** Of the output, from 1 (unusable) to 5 (right). */
  rating: number | null
  comment: string | null
  model: string | null
}

export interface Correction extends NewCorrection {
  id: string
  status: CorrectionStatus
  createdAt: Date
}

export async function createCorrection(orgId: string, correction: NewCorrection): Promise<Correction> {
  const { source, output, correction: text, comment, ...rest } = correction
  const data = {
    orgId,
    source: storableText(source),
    output: output === null ? null : storableText(output),
    correction: storableText(text),
    comment: comment === null ? null : storableText(comment),
    ...rest,
  }
  return withTenant(orgId, (tx) => tx.translationCorrection.create({ data }))
}

/** The tenant's, latest first; those before `before` where it is given (the id of one on the page before). */
export async function listCorrections(orgId: string, { limit, before }: { limit: number; before?: string | undefined }): Promise<Correction[]> {
  if (before !== undefined && !isUuid(before)) return []
  return withTenant(orgId, (tx) =>
    tx.translationCorrection.findMany({
      where: { orgId },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit,
      ...(before === undefined ? {} : { cursor: { id: before }, skip: 1 }),
    }),
  )
}

/** False where the tenant has none such. */
export async function deleteCorrection(orgId: string, id: string): Promise<boolean> {
  if (!isUuid(id)) return false
  const { count } = await withTenant(orgId, (tx) => tx.translationCorrection.deleteMany({ where: { orgId, id } }))
  return count === 1
}
