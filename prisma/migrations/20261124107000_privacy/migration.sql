-- Privacy: each organisation's settings, what moderation found, and the erasure of a tenant.

CREATE TYPE "moderation_mode" AS ENUM ('off', 'flag', 'block');
CREATE TYPE "moderation_direction" AS ENUM ('input', 'output');
CREATE TYPE "moderation_action" AS ENUM ('flagged', 'blocked');

CREATE TABLE "privacy_settings" (
  "org_id" UUID NOT NULL,
  "retention_days" INTEGER,
  "training_consent" BOOLEAN NOT NULL DEFAULT false,
  "training_consent_by" UUID,
  "training_consent_at" TIMESTAMPTZ(3),
  "moderation_input" "moderation_mode" NOT NULL DEFAULT 'flag',
  "moderation_output" "moderation_mode" NOT NULL DEFAULT 'flag',
  "moderation_categories" TEXT[] DEFAULT ARRAY['hate', 'sexual', 'violence', 'self_harm']::TEXT[],
  "moderation_words" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "privacy_settings_pkey" PRIMARY KEY ("org_id"),
  CONSTRAINT "privacy_settings_retention_in_range" CHECK (retention_days BETWEEN 1 AND 3650)
);

CREATE TABLE "moderation_flags" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "org_id" UUID NOT NULL,
  "request_id" TEXT NOT NULL,
  "user_id" UUID,
  "key_id" UUID,
  "direction" "moderation_direction" NOT NULL,
  "action" "moderation_action" NOT NULL,
  "language" TEXT,
  "category" TEXT NOT NULL,
  "word" TEXT NOT NULL,
  "excerpt" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "reviewed_at" TIMESTAMPTZ(3),
  "reviewed_by" UUID,

  CONSTRAINT "moderation_flags_pkey" PRIMARY KEY ("id"),
  -- An excerpt, never the text.
  CONSTRAINT "moderation_flags_excerpt_is_short" CHECK (char_length(excerpt) <= 160 AND char_length(word) <= 80)
);

-- What remains of an erased tenant. The organisation is gone, so nothing is referenced.
CREATE TABLE "erasure_receipts" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "number" INTEGER NOT NULL,
  "org_id" UUID NOT NULL,
  "body" TEXT NOT NULL,
  "previous_digest" TEXT NOT NULL,
  "digest" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "erasure_receipts_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "moderation_flags_org_id_created_at_idx" ON "moderation_flags"("org_id", "created_at");
CREATE INDEX "moderation_flags_created_at_idx" ON "moderation_flags"("created_at");
CREATE UNIQUE INDEX "erasure_receipts_number_key" ON "erasure_receipts"("number");

ALTER TABLE "privacy_settings" ADD CONSTRAINT "privacy_settings_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "moderation_flags" ADD CONSTRAINT "moderation_flags_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['privacy_settings', 'moderation_flags', 'erasure_receipts'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY operator ON %I TO parley_operator USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY owner_in_functions ON %I TO CURRENT_USER USING (session_user <> current_user)', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['privacy_settings', 'moderation_flags'] LOOP
    EXECUTE format('CREATE POLICY tenant ON %I TO parley_app USING (org_id = app_tenant()) WITH CHECK (org_id = app_tenant())', name);
  END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE ON privacy_settings TO parley_app;
GRANT SELECT, INSERT, UPDATE (reviewed_at, reviewed_by) ON moderation_flags TO parley_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON privacy_settings, moderation_flags TO parley_operator;
-- A receipt is written once.
GRANT SELECT, INSERT ON erasure_receipts TO parley_operator;

-- A tenant's moderation in one round trip; no row where nothing was ever set.
CREATE FUNCTION moderation_policy(p_org uuid)
RETURNS TABLE (input moderation_mode, output moderation_mode, categories text[], words text[]) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter_tenant(p_org);
  RETURN QUERY SELECT s.moderation_input, s.moderation_output, s.moderation_categories, s.moderation_words
    FROM privacy_settings s WHERE s.org_id = p_org;
END
$$;

-- Removes a tenant: every row that names it in any table, and the people who belong to nobody else
-- (operators stay). {"tables": {table: rows}, "usage": sums by month and feature}; null where there is
-- no such organisation. Tables are found in the catalogue, so that a new one cannot be forgotten.
CREATE FUNCTION erase_organization(p_org uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  counts jsonb := '{}';
  totals jsonb;
  leavers uuid[];
  owned record;
  rows_found bigint;
BEGIN
  -- Whoever would add a row now waits for these locks, and then finds no organisation.
  PERFORM FROM organizations WHERE id = p_org FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  PERFORM FROM users u JOIN memberships m ON m.user_id = u.id WHERE m.org_id = p_org ORDER BY u.id FOR UPDATE OF u;
  leavers := ARRAY(
    SELECT u.id FROM users u JOIN memberships m ON m.user_id = u.id
    WHERE m.org_id = p_org AND NOT u.is_operator
      AND NOT EXISTS (SELECT FROM memberships other WHERE other.user_id = u.id AND other.org_id <> p_org));

  SELECT coalesce(jsonb_agg(to_jsonb(month) ORDER BY month.period, month.feature), '[]') INTO totals FROM (
    SELECT period, feature, count(*) AS requests, sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens,
      sum(characters) AS characters, sum(training_tokens) AS training_tokens, sum(cost_micros) AS cost_micros
    FROM usage_events WHERE org_id = p_org GROUP BY period, feature) AS month;

  FOR owned IN
    SELECT c.relname AS name, bool_or(a.attname = 'org_id') AS by_organization
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('org_id', 'user_id') AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'erasure_receipts'
    GROUP BY c.relname ORDER BY c.relname
  LOOP
    IF owned.by_organization THEN
      EXECUTE format('SELECT count(*) FROM %I WHERE org_id = $1', owned.name) INTO rows_found USING p_org;
    ELSE
      EXECUTE format('SELECT count(*) FROM %I WHERE user_id = ANY ($1)', owned.name) INTO rows_found USING leavers;
    END IF;
    counts := counts || jsonb_build_object(owned.name, rows_found);
  END LOOP;

  DELETE FROM organizations WHERE id = p_org;
  -- What does not hang on the organisation's row.
  FOR owned IN
    SELECT c.relname AS name, bool_or(a.attname = 'org_id') AS by_organization
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('org_id', 'user_id') AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'erasure_receipts'
    GROUP BY c.relname ORDER BY c.relname
  LOOP
    IF owned.by_organization THEN
      EXECUTE format('DELETE FROM %I WHERE org_id = $1', owned.name) USING p_org;
    ELSE
      EXECUTE format('DELETE FROM %I WHERE user_id = ANY ($1)', owned.name) USING leavers;
    END IF;
  END LOOP;
  -- The installation's own log keeps that something happened, not to whom.
  UPDATE audit_events SET actor_id = NULL, actor_email = NULL, target = NULL, details = '{}', ip = NULL, user_agent = NULL
    WHERE org_id IS NULL AND (actor_id = ANY (leavers) OR lower(actor_email) IN (SELECT email FROM users WHERE id = ANY (leavers))
      OR lower(target) IN (SELECT email FROM users WHERE id = ANY (leavers)));
  DELETE FROM sign_in_attempts WHERE email_digest IN (
    SELECT encode(sha256(convert_to(lower(email), 'UTF8')), 'hex') FROM users WHERE id = ANY (leavers));
  DELETE FROM users WHERE id = ANY (leavers);

  RETURN jsonb_build_object(
    'tables', counts || jsonb_build_object('organizations', 1, 'users', coalesce(array_length(leavers, 1), 0)), 'usage', totals);
END
$$;

REVOKE ALL ON FUNCTION moderation_policy(uuid), erase_organization(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION moderation_policy(uuid) TO parley_app, parley_operator;
GRANT EXECUTE ON FUNCTION erase_organization(uuid) TO parley_operator;
