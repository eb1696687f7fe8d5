import type pg from 'pg'
import type { Progress } from '../step-printer'

export const TENANTS = 300

/** The largest tenant has this share of all events and this many members and keys; the others share the rest unevenly. */
export const LARGEST = { share: 0.3, members: 180, keys: 60 }

const BATCH = 250_000

/** A number of [0, 1) that depends on the event and the purpose alone, so that every run writes the same history. */
const draw = (purpose: number) => `((hashint8extended(n, ${purpose}) & 4294967295)::float8 / 4294967296)`

/** Organisations with their people and keys; ids are made of their numbers. */
const ACCOUNTS = `
  INSERT INTO organizations (id, name, plan) SELECT md5('org' || t)::uuid, 'Tenant ' || t, 'pro' FROM generate_series(1, ${TENANTS}) t;
  CREATE TABLE bench_tenants AS
    SELECT t, md5('org' || t)::uuid AS org_id, CASE WHEN t = 1 THEN ${LARGEST.members} ELSE 3 + 60 / t END AS members, CASE WHEN t = 1 THEN ${LARGEST.keys} ELSE 1 + 20 / t END AS keys
    FROM generate_series(1, ${TENANTS}) t;
  ALTER TABLE bench_tenants ADD PRIMARY KEY (t);
  INSERT INTO users (id, email, name)
    SELECT md5('user' || t || '-' || m)::uuid, format('person-%s-%s@example.com', t, m), 'Person ' || m FROM bench_tenants, generate_series(0, members - 1) m;
  INSERT INTO memberships (org_id, user_id, role) SELECT org_id, md5('user' || t || '-' || m)::uuid, 'member' FROM bench_tenants, generate_series(0, members - 1) m;
  INSERT INTO api_keys (id, org_id, name, prefix, hash, scopes)
    SELECT md5('key' || t || '-' || k)::uuid, org_id, 'Key ' || k, 'pk_', format('%s-%s', t, k), '{chat}' FROM bench_tenants, generate_series(0, keys - 1) k;`

/**
 * Events of numbers $1 to $2 of $3, over the year before $4: each caller uses one model and mostly one
 * feature, some callers far more than others. Priced as the list that Parley comes with has it.
 */
const EVENTS = `
  INSERT INTO usage_events (org_id, request_id, user_id, key_id, model, feature, plan, period, prompt_tokens, completion_tokens, characters, training_tokens, cost_micros, held_at, created_at)
  SELECT org_id, 'bench-' || n, CASE WHEN caller >= keys THEN md5('user' || t || '-' || caller - keys)::uuid END, CASE WHEN caller < keys THEN md5('key' || t || '-' || caller)::uuid END,
    (ARRAY['parley-mini-0', 'gpt2-medium', 'acme/support'])[1 + model], feature, 'pro', date_trunc('month', at, 'UTC')::date, prompt, completion, characters, 0,
    CASE WHEN feature = 'translate' THEN characters * 20 ELSE (prompt * 5 + completion * 15 + 9) / 10 END, at, at
  FROM (
    SELECT n, b.*, at, caller, caller % 3 AS model, feature,
      20 + floor(${draw(7)} * 800)::bigint AS prompt, 5 + floor(${draw(8)} * 300)::bigint AS completion,
      CASE WHEN feature = 'translate' THEN 10 + floor(${draw(9)} * 2000)::bigint ELSE 0 END AS characters
    FROM generate_series($1::bigint, $2::bigint) AS n
    CROSS JOIN LATERAL (SELECT CASE WHEN ${draw(1)} < ${LARGEST.share} THEN 1 ELSE 1 + floor(power(${TENANTS}, ${draw(2)}) * 0.9999)::int END AS number) AS chosen
    JOIN bench_tenants b ON b.t = least(chosen.number, ${TENANTS})
    CROSS JOIN LATERAL (SELECT floor((b.members + b.keys) * power(${draw(5)}, 2))::int AS caller,
      date_trunc('milliseconds', $4::timestamptz - interval '365 days' * (1 - n / $3::float8) - interval '1 hour' * ${draw(10)}) AS at) AS placed
    CROSS JOIN LATERAL (SELECT (ARRAY['chat', 'completion', 'translate', 'write'])[1 + CASE WHEN ${draw(6)} < 0.85 THEN caller % 4 ELSE floor(${draw(11)} * 4)::int END]::feature AS feature) AS used
  ) AS event`

/** Writes `events` past usage events with their roll-ups and balances, set by set, as the owner of an empty database. */
export async function writeHistory(client: pg.Client, events: number, now: Date, progress: Progress): Promise<void> {
  await client.query(`SET synchronous_commit = off; SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'`)
  await client.query(ACCOUNTS)
  // Indexes are built at the end; each row's reference is right by the way it was made.
  const { rows: indexes } = await client.query<{ name: string; made_by: string }>(
    `SELECT indexname AS name, indexdef AS made_by FROM pg_indexes WHERE tablename = 'usage_events' AND indexname <> 'usage_events_pkey'`,
  )
  await client.query(`SET session_replication_role = replica; ${indexes.map(({ name }) => `DROP INDEX "${name}"`).join('; ')}`)
  for (let first = 1; first <= events; first += BATCH) {
    progress(`${(first / 1e6).toFixed(2)} of ${events / 1e6} million events`, (first / events) * 0.6)
    await client.query(EVENTS, [first, Math.min(first + BATCH - 1, events), events, now])
  }
  for (const [index, { made_by }] of indexes.entries()) {
    progress(`index ${index + 1} of ${indexes.length}`, 0.6 + (0.15 * index) / indexes.length)
    await client.query(made_by)
  }
  progress('roll-ups and balances', 0.75)
  await client.query('SELECT rebuild_usage_sums(NULL)')
  // Rows stand in order of time, as they do where they came one after another.
  progress('roll-ups in order of time', 0.85)
  await client.query('CLUSTER usage_hours USING usage_hours_hour_idx; CLUSTER usage_days USING usage_days_day_idx; CLUSTER usage_months USING usage_months_month_idx')
  progress('statistics', 0.95)
  await client.query('DROP TABLE bench_tenants')
  await client.query('VACUUM (ANALYZE)')
}
