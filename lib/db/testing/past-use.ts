import { withConnection } from './tenant'

/** Moves one request's use to another time, and the sums with it. `ownerUrl` as `useDatabase()` gives it. */
export async function moveUse(ownerUrl: string, orgId: string, requestId: string, at: Date): Promise<void> {
  await withConnection(ownerUrl, async (client) => {
    await client.query(
      `UPDATE usage_events SET created_at = $1, held_at = $1, period = date_trunc('month', $1::timestamptz, 'UTC')::date WHERE org_id = $2 AND request_id = $3`,
      [at, orgId, requestId],
    )
    await client.query('SELECT rebuild_usage_sums($1)', [orgId])
  })
}
