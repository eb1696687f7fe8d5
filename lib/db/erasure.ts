import { createHash } from 'node:crypto'
import pg from 'pg'
import { z } from 'zod'
import { databaseUrl } from './client'
import { withOperator } from './tenant'
import { isUuid } from './uuid'

const count = z.coerce.number().int().nonnegative()

const erased = z.object({
  tables: z.record(z.string(), count),
  usage: z.array(
    z.object({
      period: z.string(),
      feature: z.string(),
      requests: count,
      prompt_tokens: count,
      completion_tokens: count,
      characters: count,
      training_tokens: count,
      cost_micros: count,
    }),
  ),
})

export const receiptBody = erased.extend({
  organization: z.uuid(),
  erased_at: z.iso.datetime(),
  erased_by: z.enum(['operator', 'owner']),
  /** What stays, and why. */
  kept: z.record(z.string(), z.string()),
})
export type ReceiptBody = z.infer<typeof receiptBody>

export interface ErasureReceipt {
  /** From 1, without gaps. */
  number: number
  body: ReceiptBody
  /** Hex sha256 of the digest before, a line feed and the body as it is stored. */
  digest: string
}

const KEPT = {
  usage: 'Sums by month and feature, with no person, key, request or text in them: books have to be kept longer than the data behind them.',
  erasure_receipts: 'This receipt, as proof of the erasure.',
  audit_events: "The installation's own log keeps that something happened, without persons and addresses.",
}

/** What the first receipt follows. */
const BEGINNING = '0'.repeat(64)
/** Receipts are written one after the other. */
const RECEIPTS_LOCK = 7_107_000

/**
 * As the operator: removes every row of a tenant, and the people who belong to nobody else, and keeps
 * the receipt, all in one transaction; null where there is no such organisation. A connection of its
 * own, since a large tenant takes longer than any request may.
 */
export async function eraseOrganization(orgId: string, by: ReceiptBody['erased_by']): Promise<ErasureReceipt | null> {
  if (!isUuid(orgId)) return null
  const client = new pg.Client({ connectionString: databaseUrl('DATABASE_OPERATOR_URL'), application_name: 'parley erase' })
  await client.connect()
  try {
    await client.query('BEGIN')
    const { rows } = await client.query<{ erased: unknown }>('SELECT erase_organization($1) AS erased', [orgId])
    const result = rows[0]?.erased ?? null
    if (result === null) return null
    const body: ReceiptBody = { organization: orgId, erased_at: new Date().toISOString(), erased_by: by, ...erased.parse(result), kept: KEPT }
    const receipt = await keepReceipt(client, body)
    await client.query('COMMIT')
    return receipt
  } finally {
    // What was not committed is taken back.
    await client.end()
  }
}

async function keepReceipt(client: pg.Client, body: ReceiptBody): Promise<ErasureReceipt> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [RECEIPTS_LOCK])
  const { rows } = await client.query<{ number: number; digest: string }>('SELECT number, digest FROM erasure_receipts ORDER BY number DESC LIMIT 1')
  const [last = { number: 0, digest: BEGINNING }] = rows
  const text = JSON.stringify(body)
  const receipt = { number: last.number + 1, body, digest: digestOf(last.digest, text) }
  await client.query('INSERT INTO erasure_receipts (number, org_id, body, previous_digest, digest) VALUES ($1, $2, $3, $4, $5)', [
    receipt.number,
    body.organization,
    text,
    last.digest,
    receipt.digest,
  ])
  return receipt
}

function digestOf(previous: string, body: string): string {
  return createHash('sha256').update(`${previous}\n${body}`).digest('hex')
}

/** As the operator: all receipts in order, and the number of the first that was changed, or follows one that is missing; null where the chain is whole. */
export async function listErasureReceipts(): Promise<{ receipts: ErasureReceipt[]; broken: number | null }> {
  const rows = await withOperator((tx) => tx.erasureReceipt.findMany({ orderBy: { number: 'asc' } }))
  let previous = BEGINNING
  let broken: number | null = null
  const receipts = rows.map((row, index) => {
    if (row.number !== index + 1 || row.previousDigest !== previous || row.digest !== digestOf(previous, row.body)) broken ??= row.number
    previous = row.digest
    return { number: row.number, body: receiptBody.parse(JSON.parse(row.body)), digest: row.digest }
  })
  return { receipts, broken }
}
