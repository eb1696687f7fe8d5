-- The gateway: API keys with limits and successors, token buckets, repeated requests, and word of
-- access that has ended.

ALTER TABLE "api_keys" ADD COLUMN "requests_per_minute" INTEGER, ADD COLUMN "replaced_by" UUID;
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_requests_per_minute_positive" CHECK (requests_per_minute > 0);
GRANT UPDATE (requests_per_minute, replaced_by) ON api_keys TO parley_app;

-- A bucket's contents change with every request and mean nothing after an hour: they are not worth
-- the write-ahead log, and a crash empties the table, which fills every bucket.
CREATE UNLOGGED TABLE "rate_buckets" (
  "name" TEXT NOT NULL,
  "level" BIGINT NOT NULL,
  "refilled_us" BIGINT NOT NULL,

  CONSTRAINT "rate_buckets_pkey" PRIMARY KEY ("name")
) WITH (fillfactor = 50);

CREATE TABLE "idempotent_requests" (
  "org_id" UUID NOT NULL,
  "caller_id" UUID NOT NULL,
  "route" TEXT NOT NULL,
  "idempotency_key" TEXT NOT NULL,
  "body_digest" TEXT NOT NULL,
  "request_id" TEXT NOT NULL,
  "lease_until" TIMESTAMPTZ(3) NOT NULL,
  "finished_at" TIMESTAMPTZ(3),
  "status" INTEGER,
  "headers" JSONB,
  "body" BYTEA,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "idempotent_requests_pkey" PRIMARY KEY ("org_id","caller_id","route","idempotency_key")
);

CREATE INDEX "idempotent_requests_created_at_idx" ON "idempotent_requests"("created_at");
ALTER TABLE "idempotent_requests" ADD CONSTRAINT "idempotent_requests_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['rate_buckets', 'idempotent_requests'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY operator ON %I TO parley_operator USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY owner_in_functions ON %I TO CURRENT_USER USING (session_user <> current_user)', name);
  END LOOP;
END
$$;

CREATE POLICY tenant ON idempotent_requests TO parley_app USING (org_id = app_tenant()) WITH CHECK (org_id = app_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotent_requests TO parley_app, parley_operator;
GRANT SELECT, UPDATE, DELETE ON rate_buckets TO parley_operator;

-- Takes p_cost from every named bucket, or from none of them. A bucket holds `limit` and refills by
-- `limit` in `seconds`. Its level is counted in parts of which `seconds` million make one: then
-- `limit` parts come back in each microsecond, and nothing is ever rounded. A cost above a bucket's
-- limit is admitted when the bucket is full and leaves it in debt.
-- One row: of the buckets that refuse the one that refuses longest, else the one that has least left.
-- Rows are locked in the order of their names, always.
CREATE FUNCTION take_rate(p_names text[], p_limits bigint[], p_seconds bigint[], p_cost bigint)
RETURNS TABLE (admitted boolean, bucket text, bucket_limit bigint, remaining bigint, full_after_ms bigint, retry_after_ms bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  now_us bigint;
BEGIN
  IF (SELECT count(*) FROM rate_buckets b WHERE b.name = ANY (p_names)) < cardinality(p_names) THEN
    INSERT INTO rate_buckets AS b (name, level, refilled_us)
      SELECT w.name, w.most * w.seconds * 1000000, 0 FROM unnest(p_names, p_limits, p_seconds) AS w(name, most, seconds) ORDER BY w.name
      ON CONFLICT DO NOTHING;
  END IF;
  PERFORM FROM rate_buckets b WHERE b.name = ANY (p_names) ORDER BY b.name FOR UPDATE;
  -- Read when the rows are ours: whoever had them before has counted up to a moment before this one.
  now_us := extract(epoch FROM clock_timestamp()) * 1000000;
  RETURN QUERY
    WITH refilled AS (
      SELECT b.name, w.most, w.seconds * 1000000 AS one,
        least(w.most * w.seconds * 1000000, b.level + w.most * least(greatest(now_us - b.refilled_us, 0), 86400000000)) AS level
      FROM rate_buckets b JOIN unnest(p_names, p_limits, p_seconds) AS w(name, most, seconds) ON w.name = b.name
    ), judged AS (
      SELECT r.*, greatest(least(p_cost, r.most) * r.one - r.level, 0) AS lacking, bool_and(r.level >= least(p_cost, r.most) * r.one) OVER () AS enough
      FROM refilled r
    ), taken AS (
      UPDATE rate_buckets b SET level = j.level - p_cost * j.one, refilled_us = greatest(now_us, b.refilled_us)
      FROM judged j WHERE b.name = j.name AND j.enough
    ), left_over AS (
      SELECT j.*, CASE WHEN j.enough THEN j.level - p_cost * j.one ELSE j.level END AS rest FROM judged j
    )
    SELECT l.enough, l.name, l.most, greatest(div(l.rest, l.one), 0)::bigint, ceil((l.most * l.one - l.rest)::numeric / (l.most * 1000))::bigint,
      ceil(l.lacking::numeric / (l.most * 1000))::bigint
    FROM left_over l ORDER BY l.lacking::numeric / l.most DESC, div(l.rest, l.one) LIMIT 1;
END
$$;

-- Authenticates and limits a request of the public API at once: the identity behind a key's hash, also
-- of a revoked or expired key (the caller judges), and the tightest of its buckets. A valid key takes
-- from its own, its tenant's and its address's bucket; anything else from the address's bucket for
-- failures. p_limits: {"address": n, "failures": n, "free": {"key": n, "tenant": n, "tokens": n}, …},
-- requests and tokens a minute, 0 for no limit. Always one row; key_id is null for an unknown key.
-- A valid key's last use is kept by the minute.
CREATE FUNCTION admit_request(p_hash text, p_address text, p_limits jsonb)
RETURNS TABLE (
  key_id uuid, org_id uuid, plan plan, scopes text[], expires_at timestamptz, revoked_at timestamptz, org_suspended_at timestamptz,
  admitted boolean, bucket text, bucket_limit bigint, remaining bigint, full_after_ms bigint, retry_after_ms bigint,
  token_limit bigint, tokens_remaining bigint, tokens_full_after_ms bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  key api_keys;
  org organizations;
  names text[] := '{}';
  limits bigint[] := '{}';
  most bigint;
  one_minute constant bigint := 60 * 1000000;
BEGIN
  SELECT k.* INTO key FROM api_keys k WHERE k.hash = p_hash;
  IF FOUND THEN
    SELECT o.* INTO org FROM organizations o WHERE o.id = key.org_id;
    key_id := key.id; org_id := key.org_id; plan := org.plan; scopes := key.scopes;
    expires_at := key.expires_at; revoked_at := key.revoked_at; org_suspended_at := org.suspended_at;
  END IF;
  IF key.id IS NOT NULL AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > clock_timestamp()) THEN
    IF key.last_used_at IS NULL OR key.last_used_at < clock_timestamp() - interval '1 minute' THEN
      UPDATE api_keys k SET last_used_at = clock_timestamp() WHERE k.id = key.id;
    END IF;
    names := ARRAY['address:' || p_address, 'key:' || key.id, 'tenant:' || org.id];
    limits := ARRAY[(p_limits ->> 'address')::bigint, coalesce(key.requests_per_minute, (p_limits #>> ARRAY[org.plan::text, 'key'])::bigint),
      (p_limits #>> ARRAY[org.plan::text, 'tenant'])::bigint];
    most := (p_limits #>> ARRAY[org.plan::text, 'tokens'])::bigint;
  ELSE
    names := ARRAY['failure:' || p_address];
    limits := ARRAY[(p_limits ->> 'failures')::bigint];
  END IF;

  SELECT coalesce(array_agg(w.name), '{}'), coalesce(array_agg(w.most), '{}') INTO names, limits
    FROM unnest(names, limits) AS w(name, most) WHERE w.most > 0;
  admitted := true;
  IF cardinality(names) > 0 THEN
    SELECT t.* INTO admitted, bucket, bucket_limit, remaining, full_after_ms, retry_after_ms
      FROM take_rate(names, limits, array_fill(60::bigint, ARRAY[cardinality(names)]), 1) t;
  END IF;
  IF most > 0 THEN
    token_limit := most;
    SELECT least(most * one_minute, b.level + most * least(greatest((extract(epoch FROM clock_timestamp()) * 1000000)::bigint - b.refilled_us, 0), 86400000000))
      INTO tokens_remaining FROM rate_buckets b WHERE b.name = 'tokens:' || org.id;
    tokens_remaining := coalesce(tokens_remaining, most * one_minute);
    tokens_full_after_ms := ceil((most * one_minute - tokens_remaining)::numeric / (most * 1000));
    tokens_remaining := greatest(div(tokens_remaining, one_minute), 0);
  END IF;
  RETURN NEXT;
END
$$;

-- Takes a request's tokens from its tenant's minute, in the statement that places its hold; p_limit null
-- or 0 is no limit. Returns what is left. SQLSTATE PQ010: there are not enough; the hint is the
-- milliseconds after which there will be.
CREATE FUNCTION take_tokens(p_org uuid, p_limit bigint, p_tokens bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  taken record;
BEGIN
  IF coalesce(p_limit, 0) = 0 OR p_tokens = 0 THEN
    RETURN p_limit;
  END IF;
  SELECT * INTO taken FROM take_rate(ARRAY['tokens:' || p_org], ARRAY[p_limit], ARRAY[60::bigint], p_tokens);
  IF NOT taken.admitted THEN
    RAISE EXCEPTION 'The limit of % tokens a minute leaves %, and this request may need %.', p_limit, taken.remaining, p_tokens
      USING ERRCODE = 'PQ010', HINT = taken.retry_after_ms::text;
  END IF;
  RETURN taken.remaining;
END
$$;

-- Gives back what a request did not use, in the statement that settles it, which goes on with the
-- organisation that this returns: so its rows are locked after the bucket, as take_tokens and ledger_hold do.
CREATE FUNCTION return_tokens(p_org uuid, p_limit bigint, p_tokens bigint) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF coalesce(p_limit, 0) > 0 AND p_tokens <> 0 THEN
    -- The next to take from it refills it, and cuts there what is above the full level.
    UPDATE rate_buckets b SET level = b.level + p_tokens * 60000000 WHERE b.name = 'tokens:' || p_org;
  END IF;
  RETURN p_org;
END
$$;

-- Repeated requests. These run as whoever calls them, under row-level security.

-- Begins a request under an idempotency key, or says why it is not to be done: `begun`, `in_flight`,
-- `different` (the key came with another body), `finished` (its answer is in the row; without a status
-- it was not kept). A request whose process died can be begun again when its lease has run out.
CREATE FUNCTION begin_idempotent(p_org uuid, p_caller uuid, p_route text, p_key text, p_digest text, p_request text, p_lease interval, p_kept interval)
RETURNS TABLE (outcome text, request_id text, status int, headers jsonb, body bytea) LANGUAGE plpgsql AS $$
DECLARE
  known idempotent_requests;
BEGIN
  PERFORM enter_tenant(p_org);
  DELETE FROM idempotent_requests r WHERE r.org_id = p_org AND r.caller_id = p_caller AND r.route = p_route AND r.idempotency_key = p_key
    AND r.created_at < clock_timestamp() - p_kept AND r.lease_until < clock_timestamp();
  INSERT INTO idempotent_requests (org_id, caller_id, route, idempotency_key, body_digest, request_id, lease_until)
    VALUES (p_org, p_caller, p_route, p_key, p_digest, p_request, clock_timestamp() + p_lease) ON CONFLICT DO NOTHING;
  IF FOUND THEN
    RETURN QUERY SELECT 'begun', p_request, NULL::int, NULL::jsonb, NULL::bytea;
    RETURN;
  END IF;
  SELECT r.* INTO known FROM idempotent_requests r
    WHERE r.org_id = p_org AND r.caller_id = p_caller AND r.route = p_route AND r.idempotency_key = p_key FOR UPDATE;
  IF NOT FOUND THEN
    -- It failed this very moment and was dropped; whoever asks again begins it.
    RETURN QUERY SELECT 'in_flight', p_request, NULL::int, NULL::jsonb, NULL::bytea;
  ELSIF known.body_digest <> p_digest THEN
    RETURN QUERY SELECT 'different', known.request_id, NULL::int, NULL::jsonb, NULL::bytea;
  ELSIF known.finished_at IS NOT NULL THEN
    RETURN QUERY SELECT 'finished', known.request_id, known.status, known.headers, known.body;
  ELSIF known.lease_until > clock_timestamp() THEN
    RETURN QUERY SELECT 'in_flight', known.request_id, NULL::int, NULL::jsonb, NULL::bytea;
  ELSE
    UPDATE idempotent_requests r SET request_id = p_request, lease_until = clock_timestamp() + p_lease
      WHERE r.org_id = p_org AND r.caller_id = p_caller AND r.route = p_route AND r.idempotency_key = p_key;
    RETURN QUERY SELECT 'begun', p_request, NULL::int, NULL::jsonb, NULL::bytea;
  END IF;
END
$$;

-- Word of access that has ended, for the requests that are under way with it: the id of a key that was
-- revoked, or of an organisation that was suspended or erased.

CREATE FUNCTION tell_access_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('access_ended', OLD.id::text);
  RETURN NULL;
END
$$;

CREATE TRIGGER key_revoked AFTER UPDATE OF revoked_at ON api_keys FOR EACH ROW
  WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION tell_access_ended();
CREATE TRIGGER organization_suspended AFTER UPDATE OF suspended_at ON organizations FOR EACH ROW
  WHEN (OLD.suspended_at IS NULL AND NEW.suspended_at IS NOT NULL) EXECUTE FUNCTION tell_access_ended();
CREATE TRIGGER organization_erased AFTER DELETE ON organizations FOR EACH ROW EXECUTE FUNCTION tell_access_ended();

-- admit_request does what it did, and more.
DROP FUNCTION find_api_key(text);

DO $$
DECLARE
  made regprocedure;
BEGIN
  FOR made IN
    SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname IN (
      'take_rate', 'admit_request', 'take_tokens', 'return_tokens', 'begin_idempotent', 'tell_access_ended')
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO parley_app, parley_operator', made);
  END LOOP;
END
$$;
