-- What a request costs and who may still spend: the price list, quotas of members and keys, budgets
-- with their alerts, and the roll-ups of usage by hour, day and month.

CREATE TYPE "price_direction" AS ENUM ('prompt', 'completion', 'characters', 'training');
CREATE TYPE "caller_kind" AS ENUM ('member', 'key');
CREATE TYPE "quota_measure" AS ENUM ('tokens', 'characters', 'budget');

CREATE TABLE "price_versions" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "plan" "plan" NOT NULL,
  "model" TEXT NOT NULL,
  "feature" "feature" NOT NULL,
  "direction" "price_direction" NOT NULL,
  "micros_per_million" BIGINT,
  "valid_from" TIMESTAMPTZ(3) NOT NULL,
  "created_by" UUID,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "price_versions_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "caller_balances" (
  "org_id" UUID NOT NULL,
  "period" DATE NOT NULL,
  "kind" "caller_kind" NOT NULL,
  "caller_id" UUID NOT NULL,
  "tokens_used" BIGINT NOT NULL DEFAULT 0,
  "tokens_held" BIGINT NOT NULL DEFAULT 0,

  CONSTRAINT "caller_balances_pkey" PRIMARY KEY ("org_id","period","kind","caller_id")
);

CREATE TABLE "budgets" (
  "org_id" UUID NOT NULL,
  "limit_micros" BIGINT,
  "hard_stop" BOOLEAN NOT NULL DEFAULT true,
  "alert_percents" INTEGER[] DEFAULT ARRAY[50, 80, 100]::INTEGER[],
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "budgets_pkey" PRIMARY KEY ("org_id")
);

CREATE TABLE "quota_alerts" (
  "org_id" UUID NOT NULL,
  "period" DATE NOT NULL,
  "measure" "quota_measure" NOT NULL,
  "percent" INTEGER NOT NULL,
  "used" BIGINT NOT NULL,
  "limit_value" BIGINT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "attempted_at" TIMESTAMPTZ(3),
  "mailed_at" TIMESTAMPTZ(3),

  CONSTRAINT "quota_alerts_pkey" PRIMARY KEY ("org_id","period","measure","percent")
);

-- No member and no key are the nil id in the roll-ups: a key column may not be null.
CREATE TABLE "usage_hours" (
  "org_id" UUID NOT NULL,
  "hour" TIMESTAMPTZ(3) NOT NULL,
  "user_id" UUID NOT NULL,
  "key_id" UUID NOT NULL,
  "model" TEXT NOT NULL,
  "feature" "feature" NOT NULL,
  "prompt_tokens" BIGINT NOT NULL,
  "completion_tokens" BIGINT NOT NULL,
  "characters" BIGINT NOT NULL,
  "training_tokens" BIGINT NOT NULL,
  "cost_micros" BIGINT NOT NULL,
  "requests" BIGINT NOT NULL,

  CONSTRAINT "usage_hours_pkey" PRIMARY KEY ("org_id","hour","user_id","key_id","model","feature")
);

CREATE TABLE "usage_days" (
  "org_id" UUID NOT NULL,
  "day" TIMESTAMPTZ(3) NOT NULL,
  "user_id" UUID NOT NULL,
  "key_id" UUID NOT NULL,
  "model" TEXT NOT NULL,
  "feature" "feature" NOT NULL,
  "prompt_tokens" BIGINT NOT NULL,
  "completion_tokens" BIGINT NOT NULL,
  "characters" BIGINT NOT NULL,
  "training_tokens" BIGINT NOT NULL,
  "cost_micros" BIGINT NOT NULL,
  "requests" BIGINT NOT NULL,

  CONSTRAINT "usage_days_pkey" PRIMARY KEY ("org_id","day","user_id","key_id","model","feature")
);

CREATE TABLE "usage_months" (
  "org_id" UUID NOT NULL,
  "month" TIMESTAMPTZ(3) NOT NULL,
  "user_id" UUID NOT NULL,
  "key_id" UUID NOT NULL,
  "model" TEXT NOT NULL,
  "feature" "feature" NOT NULL,
  "prompt_tokens" BIGINT NOT NULL,
  "completion_tokens" BIGINT NOT NULL,
  "characters" BIGINT NOT NULL,
  "training_tokens" BIGINT NOT NULL,
  "cost_micros" BIGINT NOT NULL,
  "requests" BIGINT NOT NULL,

  CONSTRAINT "usage_months_pkey" PRIMARY KEY ("org_id","month","user_id","key_id","model","feature")
);

ALTER TABLE "memberships" ADD COLUMN "token_quota" BIGINT;
ALTER TABLE "api_keys" ADD COLUMN "token_quota" BIGINT;
ALTER TABLE "ledger_holds"
  ADD COLUMN "plan" "plan" NOT NULL DEFAULT 'free',
  ADD COLUMN "cost_micros" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "training_tokens" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "usage_events"
  ADD COLUMN "plan" "plan" NOT NULL DEFAULT 'free',
  ADD COLUMN "held_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE "usage_balances"
  ADD COLUMN "cost_micros_used" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "cost_micros_held" BIGINT NOT NULL DEFAULT 0;

CREATE UNIQUE INDEX "price_versions_plan_feature_direction_model_valid_from_key"
  ON "price_versions"("plan", "feature", "direction", "model", "valid_from");
CREATE INDEX "usage_hours_hour_idx" ON "usage_hours"("hour");
CREATE INDEX "usage_days_day_idx" ON "usage_days"("day");
CREATE INDEX "usage_months_month_idx" ON "usage_months"("month");
-- For exports, which read in order of time and tell equal times apart by the id.
CREATE INDEX "usage_events_org_id_created_at_id_idx" ON "usage_events"("org_id", "created_at", "id");
DROP INDEX "usage_events_org_id_created_at_idx";

ALTER TABLE "caller_balances" ADD CONSTRAINT "caller_balances_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "budgets" ADD CONSTRAINT "budgets_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "quota_alerts" ADD CONSTRAINT "quota_alerts_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "usage_hours" ADD CONSTRAINT "usage_hours_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "usage_days" ADD CONSTRAINT "usage_days_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "usage_months" ADD CONSTRAINT "usage_months_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema cannot say.

ALTER TABLE "price_versions" ADD CONSTRAINT "price_versions_not_negative" CHECK (micros_per_million >= 0);
-- Only a model's own price can end; every model's price goes on.
ALTER TABLE "price_versions" ADD CONSTRAINT "price_versions_common_price_stays" CHECK (micros_per_million IS NOT NULL OR model <> '*');
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_quota_not_negative" CHECK (token_quota >= 0);
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_quota_not_negative" CHECK (token_quota >= 0);
ALTER TABLE "caller_balances" ADD CONSTRAINT "caller_balances_not_negative" CHECK (least(tokens_used, tokens_held) >= 0);
ALTER TABLE "ledger_holds" ADD CONSTRAINT "ledger_holds_cost_not_negative" CHECK (least(cost_micros, training_tokens) >= 0);
ALTER TABLE "usage_balances" ADD CONSTRAINT "usage_balances_cost_not_negative" CHECK (least(cost_micros_used, cost_micros_held) >= 0);
ALTER TABLE "budgets" ADD CONSTRAINT "budgets_limit_not_negative" CHECK (limit_micros >= 0);
ALTER TABLE "budgets" ADD CONSTRAINT "budgets_percents"
  CHECK (alert_percents IS NOT NULL AND 1 <= ALL (alert_percents) AND 1000 >= ALL (alert_percents) AND cardinality(alert_percents) <= 10);
-- Their rows are updated all the time and stay on their page where it has room.
ALTER TABLE "usage_balances" SET (fillfactor = 70);
ALTER TABLE "caller_balances" SET (fillfactor = 70);
ALTER TABLE "usage_hours" SET (fillfactor = 85);
ALTER TABLE "usage_days" SET (fillfactor = 85);
ALTER TABLE "usage_months" SET (fillfactor = 85);

-- Today's prices, for every plan: micro-units (a millionth of the currency unit) for a million.

INSERT INTO price_versions (plan, model, feature, direction, micros_per_million, valid_from)
SELECT p.plan, '*', f.feature, d.direction, d.price, timestamptz '2000-01-01 00:00:00Z'
FROM unnest(enum_range(NULL::plan)) AS p(plan)
CROSS JOIN unnest(enum_range(NULL::feature)) AS f(feature)
CROSS JOIN LATERAL (VALUES
  ('prompt'::price_direction, CASE WHEN f.feature = 'translate' THEN 0 ELSE 500000 END),
  ('completion', CASE WHEN f.feature = 'translate' THEN 0 ELSE 1500000 END),
  ('characters', CASE WHEN f.feature = 'translate' THEN 20000000 ELSE 0 END),
  ('training', 3000000)) AS d(direction, price);

-- Builds the roll-ups, and the balances' use, of one organisation (null: of all) anew from its events: for this migration
-- and for whoever writes past events in bulk. As the owner, where nothing is being settled.
CREATE FUNCTION rebuild_usage_sums(p_org uuid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  nil CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
  DELETE FROM usage_hours WHERE p_org IS NULL OR org_id = p_org;
  INSERT INTO usage_hours
    SELECT org_id, date_trunc('hour', created_at, 'UTC'), coalesce(user_id, nil), coalesce(key_id, nil), model, feature,
      sum(prompt_tokens), sum(completion_tokens), sum(characters), sum(training_tokens), sum(cost_micros), count(*)
    FROM usage_events WHERE p_org IS NULL OR org_id = p_org GROUP BY 1, 2, 3, 4, 5, 6;
  DELETE FROM usage_days WHERE p_org IS NULL OR org_id = p_org;
  INSERT INTO usage_days
    SELECT org_id, date_trunc('day', hour, 'UTC'), user_id, key_id, model, feature,
      sum(prompt_tokens), sum(completion_tokens), sum(characters), sum(training_tokens), sum(cost_micros), sum(requests)
    FROM usage_hours WHERE p_org IS NULL OR org_id = p_org GROUP BY 1, 2, 3, 4, 5, 6;
  DELETE FROM usage_months WHERE p_org IS NULL OR org_id = p_org;
  INSERT INTO usage_months
    SELECT org_id, date_trunc('month', day, 'UTC'), user_id, key_id, model, feature,
      sum(prompt_tokens), sum(completion_tokens), sum(characters), sum(training_tokens), sum(cost_micros), sum(requests)
    FROM usage_days WHERE p_org IS NULL OR org_id = p_org GROUP BY 1, 2, 3, 4, 5, 6;
  UPDATE usage_balances SET tokens_used = 0, characters_used = 0, cost_micros_used = 0 WHERE p_org IS NULL OR org_id = p_org;
  INSERT INTO usage_balances (org_id, period, tokens_used, characters_used, cost_micros_used)
    SELECT org_id, period, sum(prompt_tokens + completion_tokens), sum(characters), sum(cost_micros)
    FROM usage_events WHERE p_org IS NULL OR org_id = p_org GROUP BY 1, 2
    ON CONFLICT (org_id, period) DO UPDATE SET tokens_used = EXCLUDED.tokens_used, characters_used = EXCLUDED.characters_used,
      cost_micros_used = EXCLUDED.cost_micros_used;
  UPDATE caller_balances SET tokens_used = 0 WHERE p_org IS NULL OR org_id = p_org;
  INSERT INTO caller_balances (org_id, period, kind, caller_id, tokens_used)
    SELECT e.org_id, e.period, c.kind, c.id, sum(e.prompt_tokens + e.completion_tokens)
    FROM usage_events e CROSS JOIN LATERAL (VALUES ('member'::caller_kind, e.user_id), ('key', e.key_id)) AS c(kind, id)
    WHERE (p_org IS NULL OR e.org_id = p_org) AND c.id IS NOT NULL GROUP BY 1, 2, 3, 4
    ON CONFLICT (org_id, period, kind, caller_id) DO UPDATE SET tokens_used = EXCLUDED.tokens_used;
END
$$;

-- What was used before this migration. Its rows are the owner's to see for this long.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['organizations', 'ledger_holds', 'usage_events', 'usage_balances'] LOOP
    EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', name);
  END LOOP;
  UPDATE ledger_holds h SET plan = o.plan FROM organizations o WHERE o.id = h.org_id;
  UPDATE usage_events e SET plan = o.plan, held_at = e.created_at FROM organizations o WHERE o.id = e.org_id;
  INSERT INTO caller_balances (org_id, period, kind, caller_id, tokens_held)
    SELECT h.org_id, h.period, c.kind, c.id, sum(h.tokens)
    FROM ledger_holds h CROSS JOIN LATERAL (VALUES ('member'::caller_kind, h.user_id), ('key', h.key_id)) AS c(kind, id)
    WHERE c.id IS NOT NULL GROUP BY 1, 2, 3, 4;
  PERFORM rebuild_usage_sums(NULL);
  FOREACH name IN ARRAY ARRAY['organizations', 'ledger_holds', 'usage_events', 'usage_balances'] LOOP
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  END LOOP;
END
$$;
ALTER TABLE "ledger_holds" ALTER COLUMN "plan" DROP DEFAULT;

-- Row-level security, as in the first migration. The price list is everybody's to read.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['price_versions', 'caller_balances', 'budgets', 'quota_alerts', 'usage_hours', 'usage_days', 'usage_months'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY operator ON %I TO parley_operator USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY owner_in_functions ON %I TO CURRENT_USER USING (session_user <> current_user)', name);
    IF name <> 'price_versions' THEN
      EXECUTE format('CREATE POLICY tenant ON %I TO parley_app USING (org_id = app_tenant()) WITH CHECK (org_id = app_tenant())', name);
    END IF;
  END LOOP;
END
$$;

CREATE POLICY everybody ON price_versions FOR SELECT TO parley_app USING (true);

GRANT SELECT ON price_versions TO parley_app, parley_operator;
GRANT SELECT, INSERT, UPDATE ON caller_balances, usage_hours, usage_days, usage_months, budgets TO parley_app, parley_operator;
GRANT SELECT ON quota_alerts TO parley_app;
GRANT SELECT, INSERT, UPDATE ON quota_alerts TO parley_operator;
GRANT UPDATE (token_quota) ON memberships, api_keys TO parley_app;

-- Prices.

-- A new version of one price. Never for a time that has begun: a hold placed at a moment is settled by what is valid at it,
-- whenever that is, so the list of a moment must stand before the moment does. p_valid_from null: as soon as that allows.
-- SQLSTATE PQ005: the time is too early; unique_violation: there is a version of this very moment.
CREATE FUNCTION add_price_version(
  p_plan plan, p_model text, p_feature feature, p_direction price_direction, p_micros bigint, p_valid_from timestamptz, p_by uuid)
RETURNS SETOF price_versions LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  earliest timestamptz := date_trunc('milliseconds', clock_timestamp()) + interval '1 second';
BEGIN
  IF p_valid_from < earliest THEN
    RAISE EXCEPTION 'A price can begin to hold at %, not before: what was used until then keeps its price.', earliest USING ERRCODE = 'PQ005';
  END IF;
  RETURN QUERY INSERT INTO price_versions (plan, model, feature, direction, micros_per_million, valid_from, created_by)
    VALUES (p_plan, p_model, p_feature, p_direction, p_micros, coalesce(p_valid_from, earliest), p_by) RETURNING *;
END
$$;

-- The prices of one moment, in micro-units for a million: the model's own where it has one, else every model's ('*').
CREATE FUNCTION ledger_prices(p_plan plan, p_model text, p_feature feature, p_at timestamptz)
RETURNS TABLE (prompt bigint, completion bigint, characters bigint, training bigint) LANGUAGE sql STABLE AS $$
  SELECT
    coalesce(max(price) FILTER (WHERE direction = 'prompt'), 0), coalesce(max(price) FILTER (WHERE direction = 'completion'), 0),
    coalesce(max(price) FILTER (WHERE direction = 'characters'), 0), coalesce(max(price) FILTER (WHERE direction = 'training'), 0)
  FROM (
    SELECT DISTINCT ON (latest.direction) latest.direction, latest.price
    FROM (
      SELECT DISTINCT ON (v.direction, v.model) v.direction, v.model, v.micros_per_million AS price
      FROM price_versions v
      WHERE v.plan = p_plan AND v.feature = p_feature AND v.model IN (p_model, '*') AND v.valid_from <= p_at
      ORDER BY v.direction, v.model, v.valid_from DESC) AS latest
    WHERE latest.price IS NOT NULL
    ORDER BY latest.direction, latest.model = '*') AS chosen
$$;

-- An exact sum of amounts times prices for a million, rounded once, up, to whole micro-units.
CREATE FUNCTION ledger_round_up(p_millionths numeric) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT div(p_millionths + 999999, 1000000)::bigint $$;

-- The ledger. The order of locks is the same everywhere, so that none waits in a circle: the organisation (shared), the hold,
-- the organisation's balance of the month, the member's, the key's, the hour, the day, the month. The balance keeps all of a tenant's
-- holds and settlings of a month in a row.

-- What a caller's balance gains or loses; no row where there is no such caller.
CREATE FUNCTION ledger_book_caller(p_org uuid, p_period date, p_kind caller_kind, p_caller uuid, p_used bigint, p_held bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_caller IS NULL THEN
    RETURN;
  END IF;
  UPDATE caller_balances SET tokens_used = tokens_used + p_used, tokens_held = tokens_held + p_held
    WHERE org_id = p_org AND period = p_period AND kind = p_kind AND caller_id = p_caller;
  IF NOT FOUND THEN
    INSERT INTO caller_balances (org_id, period, kind, caller_id, tokens_used, tokens_held)
      VALUES (p_org, p_period, p_kind, p_caller, p_used, p_held);
  END IF;
END
$$;

-- Refuses what one of the quotas does not cover.
CREATE FUNCTION ledger_refuse(p_whose text, p_limit text, p_left text, p_needed text, p_period date) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % a month leaves %, and this request may need %. It starts anew on % (UTC).',
    p_whose, p_limit, p_left, p_needed, to_char(p_period + interval '1 month', 'YYYY-MM-DD') USING ERRCODE = 'PQ001';
END
$$;

DROP FUNCTION ledger_hold(uuid, text, uuid, uuid, text, feature, bigint, bigint, interval, jsonb);

-- Holds the most that a request can cost, under all of its quotas at once: the organisation's tokens and characters, the
-- member's tokens, the key's, the budget. p_prompt of the tokens are known to be prompt; the others are held at the dearer
-- direction. p_plan_limits: {"free": {"tokens": n|null, "characters": n|null}, …}. SQLSTATE PQ001: a quota does not cover it;
-- PQ002: the organisation is suspended; PQ003: there is none; unique_violation: the request id was used before. A refused
-- request leaves nothing.
CREATE FUNCTION ledger_hold(
  p_org uuid, p_request text, p_user uuid, p_key uuid, p_model text, p_feature feature, p_tokens bigint, p_characters bigint,
  p_ttl interval, p_plan_limits jsonb, p_prompt bigint DEFAULT 0, p_training bigint DEFAULT 0)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  org organizations;
  balance usage_balances;
  budget budgets;
  prices record;
  caller record;
  month date := ledger_period();
  held_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  token_limit bigint;
  character_limit bigint;
  cost bigint;
BEGIN
  PERFORM enter_tenant(p_org);
  SELECT * INTO org FROM organizations WHERE id = p_org FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such organisation.' USING ERRCODE = 'PQ003';
  END IF;
  IF org.suspended_at IS NOT NULL THEN
    RAISE EXCEPTION 'The organisation is suspended.' USING ERRCODE = 'PQ002';
  END IF;
  token_limit := coalesce(org.token_quota, (p_plan_limits -> org.plan::text ->> 'tokens')::bigint);
  character_limit := coalesce(org.character_quota, (p_plan_limits -> org.plan::text ->> 'characters')::bigint);
  SELECT * INTO prices FROM ledger_prices(org.plan, p_model, p_feature, held_at);
  cost := ledger_round_up(
    p_prompt::numeric * prices.prompt + (p_tokens - p_prompt)::numeric * greatest(prices.prompt, prices.completion)
    + p_characters::numeric * prices.characters + p_training::numeric * prices.training);

  SELECT * INTO balance FROM usage_balances WHERE org_id = p_org AND period = month FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO usage_balances (org_id, period) VALUES (p_org, month) ON CONFLICT DO NOTHING;
    SELECT * INTO balance FROM usage_balances WHERE org_id = p_org AND period = month FOR UPDATE;
  END IF;
  IF balance.tokens_used + balance.tokens_held + p_tokens > token_limit THEN
    PERFORM ledger_refuse('The organisation''s quota', token_limit || ' tokens',
      greatest(token_limit - balance.tokens_used - balance.tokens_held, 0)::text, p_tokens::text, month);
  END IF;
  IF balance.characters_used + balance.characters_held + p_characters > character_limit THEN
    PERFORM ledger_refuse('The organisation''s quota', character_limit || ' characters',
      greatest(character_limit - balance.characters_used - balance.characters_held, 0)::text, p_characters::text, month);
  END IF;
  SELECT * INTO budget FROM budgets WHERE org_id = p_org;
  IF budget.hard_stop AND balance.cost_micros_used + balance.cost_micros_held + cost > budget.limit_micros THEN
    PERFORM ledger_refuse('The organisation''s budget', round(budget.limit_micros / 1000000.0, 6)::text,
      round(greatest(budget.limit_micros - balance.cost_micros_used - balance.cost_micros_held, 0) / 1000000.0, 6)::text,
      round(cost / 1000000.0, 6)::text, month);
  END IF;
  FOR caller IN
    SELECT q.whose, q.token_limit, coalesce(b.tokens_used + b.tokens_held, 0) AS taken
    FROM (
      SELECT 'This member''s quota' AS whose, 'member'::caller_kind AS kind, m.user_id AS id, m.token_quota AS token_limit
      FROM memberships m WHERE m.org_id = p_org AND m.user_id = p_user AND m.token_quota IS NOT NULL
      UNION ALL
      SELECT 'This key''s quota', 'key', k.id, k.token_quota
      FROM api_keys k WHERE k.org_id = p_org AND k.id = p_key AND k.token_quota IS NOT NULL) AS q
    LEFT JOIN caller_balances b ON b.org_id = p_org AND b.period = month AND b.kind = q.kind AND b.caller_id = q.id
  LOOP
    IF caller.taken + p_tokens > caller.token_limit THEN
      PERFORM ledger_refuse(caller.whose, caller.token_limit || ' tokens', greatest(caller.token_limit - caller.taken, 0)::text,
        p_tokens::text, month);
    END IF;
  END LOOP;
  IF EXISTS (SELECT FROM usage_events WHERE org_id = p_org AND request_id = p_request) THEN
    RAISE EXCEPTION 'The request % was billed before.', p_request USING ERRCODE = 'unique_violation';
  END IF;
  INSERT INTO ledger_holds (
    org_id, request_id, user_id, key_id, model, feature, plan, period, tokens, characters, cost_micros, created_at, expires_at)
  VALUES (
    p_org, p_request, p_user, p_key, p_model, p_feature, org.plan, month, p_tokens, p_characters, cost, held_at,
    clock_timestamp() + p_ttl);
  UPDATE usage_balances SET
    tokens_held = tokens_held + p_tokens, characters_held = characters_held + p_characters, cost_micros_held = cost_micros_held + cost
    WHERE org_id = p_org AND period = month;
  PERFORM ledger_book_caller(p_org, month, 'member', p_user, 0, p_tokens);
  PERFORM ledger_book_caller(p_org, month, 'key', p_key, 0, p_tokens);
END
$$;

-- What may still be held by this caller for this model and feature: the least that any quota leaves; null is unlimited.
-- p_prompt tokens of the request will be prompt. SQLSTATE PQ003: there is no such organisation.
CREATE FUNCTION ledger_remaining(
  p_org uuid, p_user uuid, p_key uuid, p_model text, p_feature feature, p_prompt bigint, p_plan_limits jsonb)
RETURNS TABLE (tokens bigint, characters bigint) LANGUAGE plpgsql AS $$
DECLARE
  org organizations;
  balance usage_balances;
  budget budgets;
  prices record;
  month date := ledger_period();
  budget_left numeric;
  budget_tokens bigint;
  budget_characters bigint;
  token_limit bigint;
  character_limit bigint;
  caller_left bigint;
BEGIN
  PERFORM enter_tenant(p_org);
  SELECT * INTO org FROM organizations WHERE id = p_org;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such organisation.' USING ERRCODE = 'PQ003';
  END IF;
  SELECT * INTO balance FROM usage_balances WHERE org_id = p_org AND period = month;
  SELECT * INTO budget FROM budgets WHERE org_id = p_org;
  IF budget.hard_stop AND budget.limit_micros IS NOT NULL AND p_feature IS NOT NULL THEN
    SELECT * INTO prices FROM ledger_prices(org.plan, p_model, p_feature, clock_timestamp());
    budget_left := 1000000::numeric
      * greatest(budget.limit_micros - coalesce(balance.cost_micros_used, 0) - coalesce(balance.cost_micros_held, 0), 0);
    IF greatest(prices.prompt, prices.completion) > 0 THEN
      budget_tokens := CASE
        WHEN budget_left < p_prompt::numeric * prices.prompt THEN 0
        ELSE p_prompt + least(div(budget_left - p_prompt::numeric * prices.prompt, greatest(prices.prompt, prices.completion)), 1e15)::bigint
      END;
    END IF;
    IF prices.characters > 0 THEN
      budget_characters := least(div(budget_left, prices.characters), 1e15)::bigint;
    END IF;
  END IF;
  token_limit := coalesce(org.token_quota, (p_plan_limits -> org.plan::text ->> 'tokens')::bigint);
  character_limit := coalesce(org.character_quota, (p_plan_limits -> org.plan::text ->> 'characters')::bigint);
  SELECT min(q.token_quota - coalesce(b.tokens_used + b.tokens_held, 0)) INTO caller_left
  FROM (
    SELECT 'member'::caller_kind AS kind, m.user_id AS id, m.token_quota FROM memberships m
    WHERE m.org_id = p_org AND m.user_id = p_user AND m.token_quota IS NOT NULL
    UNION ALL
    SELECT 'key', k.id, k.token_quota FROM api_keys k WHERE k.org_id = p_org AND k.id = p_key AND k.token_quota IS NOT NULL) AS q
  LEFT JOIN caller_balances b ON b.org_id = p_org AND b.period = month AND b.kind = q.kind AND b.caller_id = q.id;
  -- least() passes over nulls, which are no limit; what is below nothing leaves nothing.
  tokens := least(token_limit - coalesce(balance.tokens_used + balance.tokens_held, 0), caller_left, budget_tokens);
  characters := least(character_limit - coalesce(balance.characters_used + balance.characters_held, 0), budget_characters);
  tokens := CASE WHEN tokens < 0 THEN 0 ELSE tokens END;
  characters := CASE WHEN characters < 0 THEN 0 ELSE characters END;
  RETURN NEXT;
END
$$;

DROP FUNCTION ledger_settle(uuid, text, bigint, bigint, bigint, bigint, bigint);

-- Turns a hold into its one usage event, counted in the month of the hold and priced by the list valid at it for the plan that
-- it was placed under, and rolls it up. Where the event was there before, settled is false and the cost is that event's.
-- SQLSTATE PQ004: the request was never held.
CREATE FUNCTION ledger_settle(
  p_org uuid, p_request text, p_prompt_tokens bigint, p_completion_tokens bigint, p_characters bigint, p_training_tokens bigint)
RETURNS TABLE (settled boolean, cost_micros bigint) LANGUAGE plpgsql AS $$
DECLARE
  nil CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
  hold ledger_holds;
  prices record;
  cost bigint;
  at timestamptz;
BEGIN
  PERFORM enter_tenant(p_org);
  PERFORM FROM organizations WHERE id = p_org FOR KEY SHARE;
  SELECT * INTO hold FROM ledger_holds WHERE org_id = p_org AND request_id = p_request FOR UPDATE;
  IF NOT FOUND THEN
    SELECT e.cost_micros INTO cost FROM usage_events e WHERE e.org_id = p_org AND e.request_id = p_request;
    IF FOUND THEN
      RETURN QUERY SELECT false, cost;
      RETURN;
    END IF;
    RAISE EXCEPTION 'The request % was never held.', p_request USING ERRCODE = 'PQ004';
  END IF;
  SELECT * INTO prices FROM ledger_prices(hold.plan, hold.model, hold.feature, hold.created_at);
  cost := ledger_round_up(
    p_prompt_tokens::numeric * prices.prompt + p_completion_tokens::numeric * prices.completion
    + p_characters::numeric * prices.characters + p_training_tokens::numeric * prices.training);
  PERFORM FROM usage_balances WHERE org_id = p_org AND period = hold.period FOR UPDATE;
  -- After the lock: events of a tenant stand in the order in which they were settled.
  at := date_trunc('milliseconds', clock_timestamp());
  INSERT INTO usage_events (
    org_id, request_id, user_id, key_id, model, feature, plan, period, prompt_tokens, completion_tokens, characters, training_tokens,
    cost_micros, held_at, created_at)
  VALUES (
    p_org, p_request, hold.user_id, hold.key_id, hold.model, hold.feature, hold.plan, hold.period, p_prompt_tokens,
    p_completion_tokens, p_characters, p_training_tokens, cost, hold.created_at, at);
  UPDATE usage_balances b SET
    tokens_used = b.tokens_used + p_prompt_tokens + p_completion_tokens, tokens_held = b.tokens_held - hold.tokens,
    characters_used = b.characters_used + p_characters, characters_held = b.characters_held - hold.characters,
    cost_micros_used = b.cost_micros_used + cost, cost_micros_held = b.cost_micros_held - hold.cost_micros
    WHERE b.org_id = p_org AND b.period = hold.period;
  PERFORM ledger_book_caller(p_org, hold.period, 'member', hold.user_id, p_prompt_tokens + p_completion_tokens, -hold.tokens);
  PERFORM ledger_book_caller(p_org, hold.period, 'key', hold.key_id, p_prompt_tokens + p_completion_tokens, -hold.tokens);
  INSERT INTO usage_hours AS r VALUES (
    p_org, date_trunc('hour', at, 'UTC'), coalesce(hold.user_id, nil), coalesce(hold.key_id, nil), hold.model, hold.feature,
    p_prompt_tokens, p_completion_tokens, p_characters, p_training_tokens, cost, 1)
  ON CONFLICT ON CONSTRAINT usage_hours_pkey DO UPDATE SET
    prompt_tokens = r.prompt_tokens + EXCLUDED.prompt_tokens, completion_tokens = r.completion_tokens + EXCLUDED.completion_tokens,
    characters = r.characters + EXCLUDED.characters, training_tokens = r.training_tokens + EXCLUDED.training_tokens,
    cost_micros = r.cost_micros + EXCLUDED.cost_micros, requests = r.requests + 1;
  INSERT INTO usage_days AS r VALUES (
    p_org, date_trunc('day', at, 'UTC'), coalesce(hold.user_id, nil), coalesce(hold.key_id, nil), hold.model, hold.feature,
    p_prompt_tokens, p_completion_tokens, p_characters, p_training_tokens, cost, 1)
  ON CONFLICT ON CONSTRAINT usage_days_pkey DO UPDATE SET
    prompt_tokens = r.prompt_tokens + EXCLUDED.prompt_tokens, completion_tokens = r.completion_tokens + EXCLUDED.completion_tokens,
    characters = r.characters + EXCLUDED.characters, training_tokens = r.training_tokens + EXCLUDED.training_tokens,
    cost_micros = r.cost_micros + EXCLUDED.cost_micros, requests = r.requests + 1;
  INSERT INTO usage_months AS r VALUES (
    p_org, date_trunc('month', at, 'UTC'), coalesce(hold.user_id, nil), coalesce(hold.key_id, nil), hold.model, hold.feature,
    p_prompt_tokens, p_completion_tokens, p_characters, p_training_tokens, cost, 1)
  ON CONFLICT ON CONSTRAINT usage_months_pkey DO UPDATE SET
    prompt_tokens = r.prompt_tokens + EXCLUDED.prompt_tokens, completion_tokens = r.completion_tokens + EXCLUDED.completion_tokens,
    characters = r.characters + EXCLUDED.characters, training_tokens = r.training_tokens + EXCLUDED.training_tokens,
    cost_micros = r.cost_micros + EXCLUDED.cost_micros, requests = r.requests + 1;
  DELETE FROM ledger_holds WHERE org_id = p_org AND request_id = p_request;
  RETURN QUERY SELECT true, cost;
END
$$;

-- Gives a hold back without an event. p_keep leaves the emptied row, so that a request that was
-- thought dead can still settle. Harmless where there is nothing to release.
CREATE OR REPLACE FUNCTION ledger_release(p_org uuid, p_request text, p_keep boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  hold ledger_holds;
BEGIN
  PERFORM enter_tenant(p_org);
  PERFORM FROM organizations WHERE id = p_org FOR KEY SHARE;
  SELECT * INTO hold FROM ledger_holds WHERE org_id = p_org AND request_id = p_request FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  UPDATE usage_balances SET
    tokens_held = tokens_held - hold.tokens, characters_held = characters_held - hold.characters,
    cost_micros_held = cost_micros_held - hold.cost_micros
    WHERE org_id = p_org AND period = hold.period;
  PERFORM ledger_book_caller(p_org, hold.period, 'member', hold.user_id, 0, -hold.tokens);
  PERFORM ledger_book_caller(p_org, hold.period, 'key', hold.key_id, 0, -hold.tokens);
  IF p_keep THEN
    UPDATE ledger_holds SET tokens = 0, characters = 0, cost_micros = 0, released_at = coalesce(released_at, now())
      WHERE org_id = p_org AND request_id = p_request;
  ELSE
    DELETE FROM ledger_holds WHERE org_id = p_org AND request_id = p_request;
  END IF;
END
$$;

-- As the operator: notes each threshold that this month's use has reached, once. p_plan_limits as for ledger_hold.
CREATE FUNCTION record_quota_alerts(p_plan_limits jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  month date := ledger_period();
  noted bigint;
BEGIN
  INSERT INTO quota_alerts (org_id, period, measure, percent, used, limit_value)
  SELECT b.org_id, month, m.measure, t.percent, m.used, m.cap
  FROM usage_balances b
  JOIN organizations o ON o.id = b.org_id
  LEFT JOIN budgets g ON g.org_id = b.org_id
  CROSS JOIN LATERAL (VALUES
    ('tokens'::quota_measure, b.tokens_used, coalesce(o.token_quota, (p_plan_limits -> o.plan::text ->> 'tokens')::bigint)),
    ('characters', b.characters_used, coalesce(o.character_quota, (p_plan_limits -> o.plan::text ->> 'characters')::bigint)),
    ('budget', b.cost_micros_used, g.limit_micros)) AS m(measure, used, cap)
  CROSS JOIN LATERAL unnest(coalesce(g.alert_percents, ARRAY[50, 80, 100])) AS t(percent)
  WHERE b.period = month AND m.used > 0 AND m.used::numeric * 100 >= m.cap::numeric * t.percent
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS noted = ROW_COUNT;
  RETURN noted;
END
$$;

REVOKE ALL ON FUNCTION
  rebuild_usage_sums(uuid), add_price_version(plan, text, feature, price_direction, bigint, timestamptz, uuid),
  ledger_prices(plan, text, feature, timestamptz), ledger_round_up(numeric),
  ledger_book_caller(uuid, date, caller_kind, uuid, bigint, bigint), ledger_refuse(text, text, text, text, date),
  ledger_hold(uuid, text, uuid, uuid, text, feature, bigint, bigint, interval, jsonb, bigint, bigint),
  ledger_remaining(uuid, uuid, uuid, text, feature, bigint, jsonb),
  ledger_settle(uuid, text, bigint, bigint, bigint, bigint), record_quota_alerts(jsonb)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  ledger_prices(plan, text, feature, timestamptz), ledger_round_up(numeric),
  ledger_book_caller(uuid, date, caller_kind, uuid, bigint, bigint), ledger_refuse(text, text, text, text, date),
  ledger_hold(uuid, text, uuid, uuid, text, feature, bigint, bigint, interval, jsonb, bigint, bigint),
  ledger_remaining(uuid, uuid, uuid, text, feature, bigint, jsonb),
  ledger_settle(uuid, text, bigint, bigint, bigint, bigint)
  TO parley_app, parley_operator;
GRANT EXECUTE ON FUNCTION
  add_price_version(plan, text, feature, price_direction, bigint, timestamptz, uuid), record_quota_alerts(jsonb)
  TO parley_operator;
