import { withOperator } from './tenant'

export interface LiveCounts {
  /** Requests whose most is set aside. */
  holds: number
  heldTokens: number
  /** Holds past their time, which the sweeper will end. */
  overdueHolds: number
  /** Answers that are being written, over all processes. */
  generations: number
}

/** What is under way over all tenants; as the operator. */
export async function liveCounts(): Promise<LiveCounts> {
  const rows = await withOperator((tx) => tx.$queryRaw<{ holds: bigint; held: bigint; overdue: bigint; generations: bigint }[]>`
    SELECT count(*) AS holds, coalesce(sum(tokens), 0)::bigint AS held, count(*) FILTER (WHERE expires_at < now()) AS overdue,
      (SELECT count(*) FROM generations WHERE status = 'running') AS generations
    FROM ledger_holds WHERE released_at IS NULL`)
  const row = rows[0]
  if (row === undefined) throw new Error('An aggregate without groups gave no row.')
  return { holds: Number(row.holds), heldTokens: Number(row.held), overdueHolds: Number(row.overdue), generations: Number(row.generations) }
}
