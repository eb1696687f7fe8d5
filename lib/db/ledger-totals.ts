import { withOperator } from './tenant'

export interface LedgerTotals {
  /** Holds of requests under way, and what they hold. */
  holds: number
  tokensHeld: number
  /** Settled since the installation began, of the tenants that are there. */
  tokensUsed: number
  charactersUsed: number
}

/** As the operator, over all tenants. */
export async function ledgerTotals(): Promise<LedgerTotals> {
  const [row] = await withOperator(
    (tx) => tx.$queryRaw<{ holds: bigint; tokens_held: bigint; tokens_used: bigint; characters_used: bigint }[]>`
      SELECT (SELECT count(*) FROM ledger_holds WHERE released_at IS NULL) AS holds, coalesce(sum(tokens_held), 0)::bigint AS tokens_held,
        coalesce(sum(tokens_used), 0)::bigint AS tokens_used, coalesce(sum(characters_used), 0)::bigint AS characters_used
      FROM usage_balances`,
  )
  if (row === undefined) throw new Error('Sums have one row.')
  return { holds: Number(row.holds), tokensHeld: Number(row.tokens_held), tokensUsed: Number(row.tokens_used), charactersUsed: Number(row.characters_used) }
}
