-- The whole of Parley's first schema: tables, roles, row-level security and the functions of
-- sign-in, keys, ledger and generations. Tables first, as prisma/schema.prisma describes them.

CREATE TYPE "plan" AS ENUM ('free', 'pro', 'enterprise');
CREATE TYPE "role" AS ENUM ('owner', 'admin', 'member', 'billing');
CREATE TYPE "feature" AS ENUM ('chat', 'write', 'completion', 'translate');
CREATE TYPE "message_role" AS ENUM ('system', 'user', 'assistant');
CREATE TYPE "generation_kind" AS ENUM ('chat', 'write');
CREATE TYPE "generation_status" AS ENUM ('running', 'done', 'stopped', 'failed');

CREATE TABLE "organizations" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "name" TEXT NOT NULL,
  "plan" "plan" NOT NULL DEFAULT 'free',
  "token_quota" BIGINT,
  "character_quota" BIGINT,
  "suspended_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "organizations_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "users" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "email" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "password_hash" TEXT,
  "is_operator" BOOLEAN NOT NULL DEFAULT false,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "memberships" (
  "org_id" UUID NOT NULL,
  "user_id" UUID NOT NULL,
  "role" "role" NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "memberships_pkey" PRIMARY KEY ("org_id","user_id")
);

CREATE TABLE "sessions" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "user_id" UUID NOT NULL,
  "org_id" UUID NOT NULL,
  "user_agent" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "revoked_at" TIMESTAMPTZ(3),

  CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "sign_in_attempts" (
  "email_digest" TEXT NOT NULL,
  "failures" INTEGER NOT NULL,
  "locked_until" TIMESTAMPTZ(3),
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "sign_in_attempts_pkey" PRIMARY KEY ("email_digest")
);

CREATE TABLE "api_keys" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "org_id" UUID NOT NULL,
  "created_by" UUID,
  "name" TEXT NOT NULL,
  "prefix" TEXT NOT NULL,
  "hash" TEXT NOT NULL,
  "scopes" TEXT[],
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3),
  "last_used_at" TIMESTAMPTZ(3),
  "revoked_at" TIMESTAMPTZ(3),

  CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "conversations" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "org_id" UUID NOT NULL,
  "user_id" UUID NOT NULL,
  "title" TEXT NOT NULL,
  "model" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "conversations_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "messages" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "org_id" UUID NOT NULL,
  "conversation_id" UUID NOT NULL,
  "position" INTEGER NOT NULL,
  "role" "message_role" NOT NULL,
  "content" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "messages_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "generations" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "org_id" UUID NOT NULL,
  "user_id" UUID NOT NULL,
  "request_id" TEXT NOT NULL,
  "kind" "generation_kind" NOT NULL,
  "status" "generation_status" NOT NULL DEFAULT 'running',
  "model" TEXT NOT NULL,
  "params" JSONB NOT NULL,
  "prompt_token_ids" INTEGER[],
  "choices" INTEGER NOT NULL DEFAULT 1,
  "message_id" UUID,
  "conversation_id" UUID,
  "lease_owner" TEXT,
  "lease_until" TIMESTAMPTZ(3),
  "lease_epoch" INTEGER NOT NULL DEFAULT 1,
  "cancel_requested" BOOLEAN NOT NULL DEFAULT false,
  "last_seq" INTEGER NOT NULL DEFAULT 0,
  "outputs" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "finish_reasons" JSONB NOT NULL DEFAULT '[]',
  "error" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "finished_at" TIMESTAMPTZ(3),

  CONSTRAINT "generations_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "generation_chunks" (
  "org_id" UUID NOT NULL,
  "generation_id" UUID NOT NULL,
  "seq" INTEGER NOT NULL,
  "choice" INTEGER NOT NULL,
  "text" TEXT NOT NULL,
  "token_ids" INTEGER[],
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "generation_chunks_pkey" PRIMARY KEY ("generation_id","seq")
);

CREATE TABLE "ledger_holds" (
  "org_id" UUID NOT NULL,
  "request_id" TEXT NOT NULL,
  "user_id" UUID,
  "key_id" UUID,
  "model" TEXT NOT NULL,
  "feature" "feature" NOT NULL,
  "period" DATE NOT NULL,
  "tokens" BIGINT NOT NULL,
  "characters" BIGINT NOT NULL,
  "prompt_tokens" BIGINT NOT NULL DEFAULT 0,
  "completion_tokens" BIGINT NOT NULL DEFAULT 0,
  "used_characters" BIGINT NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "released_at" TIMESTAMPTZ(3),

  CONSTRAINT "ledger_holds_pkey" PRIMARY KEY ("org_id","request_id")
);

CREATE TABLE "usage_events" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "org_id" UUID NOT NULL,
  "request_id" TEXT NOT NULL,
  "user_id" UUID,
  "key_id" UUID,
  "model" TEXT NOT NULL,
  "feature" "feature" NOT NULL,
  "period" DATE NOT NULL,
  "prompt_tokens" BIGINT NOT NULL,
  "completion_tokens" BIGINT NOT NULL,
  "characters" BIGINT NOT NULL,
  "training_tokens" BIGINT NOT NULL DEFAULT 0,
  "cost_micros" BIGINT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "usage_events_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "usage_balances" (
  "org_id" UUID NOT NULL,
  "period" DATE NOT NULL,
  "tokens_used" BIGINT NOT NULL DEFAULT 0,
  "tokens_held" BIGINT NOT NULL DEFAULT 0,
  "characters_used" BIGINT NOT NULL DEFAULT 0,
  "characters_held" BIGINT NOT NULL DEFAULT 0,

  CONSTRAINT "usage_balances_pkey" PRIMARY KEY ("org_id","period")
);

CREATE UNIQUE INDEX "users_email_key" ON "users"("email");
CREATE INDEX "memberships_user_id_idx" ON "memberships"("user_id");
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");
CREATE INDEX "sessions_org_id_user_id_idx" ON "sessions"("org_id", "user_id");
CREATE INDEX "sign_in_attempts_updated_at_idx" ON "sign_in_attempts"("updated_at");
CREATE UNIQUE INDEX "api_keys_hash_key" ON "api_keys"("hash");
CREATE INDEX "api_keys_org_id_created_at_idx" ON "api_keys"("org_id", "created_at");
CREATE INDEX "conversations_org_id_user_id_updated_at_idx" ON "conversations"("org_id", "user_id", "updated_at");
CREATE UNIQUE INDEX "conversations_org_id_id_key" ON "conversations"("org_id", "id");
CREATE INDEX "messages_org_id_conversation_id_idx" ON "messages"("org_id", "conversation_id");
CREATE UNIQUE INDEX "messages_conversation_id_position_key" ON "messages"("conversation_id", "position");
CREATE UNIQUE INDEX "messages_org_id_id_key" ON "messages"("org_id", "id");
CREATE INDEX "generations_org_id_user_id_kind_created_at_idx" ON "generations"("org_id", "user_id", "kind", "created_at");
CREATE UNIQUE INDEX "generations_org_id_id_key" ON "generations"("org_id", "id");
CREATE UNIQUE INDEX "generations_org_id_message_id_key" ON "generations"("org_id", "message_id");
CREATE UNIQUE INDEX "generations_org_id_request_id_key" ON "generations"("org_id", "request_id");
CREATE INDEX "generation_chunks_org_id_generation_id_idx" ON "generation_chunks"("org_id", "generation_id");
CREATE INDEX "ledger_holds_expires_at_idx" ON "ledger_holds"("expires_at");
CREATE INDEX "usage_events_org_id_created_at_idx" ON "usage_events"("org_id", "created_at");
CREATE UNIQUE INDEX "usage_events_org_id_request_id_key" ON "usage_events"("org_id", "request_id");

ALTER TABLE "memberships" ADD CONSTRAINT "memberships_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_org_id_user_id_fkey" FOREIGN KEY ("org_id", "user_id") REFERENCES "memberships"("org_id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "messages" ADD CONSTRAINT "messages_org_id_conversation_id_fkey" FOREIGN KEY ("org_id", "conversation_id") REFERENCES "conversations"("org_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "generations" ADD CONSTRAINT "generations_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "generations" ADD CONSTRAINT "generations_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "generations" ADD CONSTRAINT "generations_org_id_conversation_id_fkey" FOREIGN KEY ("org_id", "conversation_id") REFERENCES "conversations"("org_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "generations" ADD CONSTRAINT "generations_org_id_message_id_fkey" FOREIGN KEY ("org_id", "message_id") REFERENCES "messages"("org_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "generation_chunks" ADD CONSTRAINT "generation_chunks_org_id_generation_id_fkey" FOREIGN KEY ("org_id", "generation_id") REFERENCES "generations"("org_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "ledger_holds" ADD CONSTRAINT "ledger_holds_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "usage_events" ADD CONSTRAINT "usage_events_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "usage_balances" ADD CONSTRAINT "usage_balances_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema cannot say.

ALTER TABLE "users" ADD CONSTRAINT "users_email_lower_case" CHECK (email = lower(email));
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_quota_not_negative"
  CHECK (coalesce(token_quota, 0) >= 0 AND coalesce(character_quota, 0) >= 0);
ALTER TABLE "ledger_holds" ADD CONSTRAINT "ledger_holds_not_negative"
  CHECK (least(tokens, characters, prompt_tokens, completion_tokens, used_characters) >= 0);
ALTER TABLE "usage_events" ADD CONSTRAINT "usage_events_not_negative"
  CHECK (least(prompt_tokens, completion_tokens, characters, training_tokens, cost_micros) >= 0);
ALTER TABLE "usage_balances" ADD CONSTRAINT "usage_balances_not_negative"
  CHECK (least(tokens_used, tokens_held, characters_used, characters_held) >= 0);
-- One answer at a time in a conversation; and the queue of leases that may have run out.
CREATE UNIQUE INDEX "generations_running_in_conversation" ON "generations"("conversation_id") WHERE status = 'running';
CREATE INDEX "generations_running_lease" ON "generations"("lease_until") WHERE status = 'running';
CREATE INDEX "generations_finished" ON "generations"("finished_at") WHERE status <> 'running';

-- Roles. They belong to the cluster, so another database in it may have made them already, and
-- another migration may be making them now. Passwords are set apart from migrations.

DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['parley_app', 'parley_operator'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
        EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', wanted);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = wanted AND (rolsuper OR rolbypassrls OR rolcreaterole)) THEN
      RAISE EXCEPTION 'The role % exists and has more power than it may have: row-level security would not hold for it.', wanted;
    END IF;
  END LOOP;
END
$$;

-- Who asks. Both are set for one transaction, by lib/db/tenant.ts or by a function below.

CREATE FUNCTION app_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.tenant', true), '')::uuid $$;

CREATE FUNCTION app_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.user', true), '')::uuid $$;

-- Row-level security, forced for the owner too. The owner's own policy opens only where somebody
-- else's session acts as the owner: inside the SECURITY DEFINER functions below.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'organizations', 'users', 'memberships', 'sessions', 'sign_in_attempts', 'api_keys', 'conversations', 'messages',
    'generations', 'generation_chunks', 'ledger_holds', 'usage_events', 'usage_balances'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY operator ON %I TO parley_operator USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY owner_in_functions ON %I TO CURRENT_USER USING (session_user <> current_user)', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY[
    'memberships', 'api_keys', 'conversations', 'messages', 'generations', 'generation_chunks', 'ledger_holds', 'usage_events',
    'usage_balances'
  ] LOOP
    EXECUTE format('CREATE POLICY tenant ON %I TO parley_app USING (org_id = app_tenant()) WITH CHECK (org_id = app_tenant())', name);
  END LOOP;
END
$$;

CREATE POLICY tenant ON organizations TO parley_app USING (id = app_tenant()) WITH CHECK (id = app_tenant());
CREATE POLICY person ON organizations FOR SELECT TO parley_app
  USING (EXISTS (SELECT FROM memberships m WHERE m.org_id = organizations.id AND m.user_id = app_user()));
CREATE POLICY person ON users TO parley_app USING (id = app_user()) WITH CHECK (id = app_user());
CREATE POLICY fellow_members ON users FOR SELECT TO parley_app
  USING (EXISTS (SELECT FROM memberships m WHERE m.user_id = users.id AND m.org_id = app_tenant()));
CREATE POLICY person ON memberships FOR SELECT TO parley_app USING (user_id = app_user());
CREATE POLICY person ON sessions TO parley_app USING (user_id = app_user()) WITH CHECK (user_id = app_user());

-- Grants. The app sets no plan, no quota and no operator, and reads no password; sign_in_attempts
-- it reaches through functions alone. Usage events are append-only for everybody.

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO parley_app, parley_operator;
GRANT SELECT, UPDATE (name) ON organizations TO parley_app;
GRANT SELECT (id, email, name, is_operator, created_at), UPDATE (name, password_hash) ON users TO parley_app;
GRANT SELECT, INSERT, UPDATE (role), DELETE ON memberships TO parley_app;
GRANT SELECT, INSERT, UPDATE (revoked_at) ON sessions TO parley_app;
GRANT SELECT, INSERT, UPDATE (name, scopes, expires_at, revoked_at) ON api_keys TO parley_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON conversations, messages, generations, generation_chunks, ledger_holds TO parley_app;
GRANT SELECT, INSERT, UPDATE ON usage_balances TO parley_app;
GRANT SELECT, INSERT ON usage_events TO parley_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  organizations, users, memberships, sessions, sign_in_attempts, api_keys, conversations, messages, generations,
  generation_chunks, ledger_holds, usage_balances TO parley_operator;
GRANT SELECT, INSERT ON usage_events TO parley_operator;

-- Look-ups that come before any tenant is known: as the owner, each for one purpose.

-- The identity behind a key's hash, also of a revoked or expired key: the caller judges.
-- A valid key's last use is kept by the minute.
CREATE FUNCTION find_api_key(p_hash text)
RETURNS TABLE (
  key_id uuid, org_id uuid, plan plan, scopes text[], expires_at timestamptz, revoked_at timestamptz, org_suspended_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE api_keys k SET last_used_at = now()
    WHERE k.hash = p_hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
      AND (k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute');
  RETURN QUERY SELECT k.id, k.org_id, o.plan, k.scopes, k.expires_at::timestamptz, k.revoked_at::timestamptz, o.suspended_at::timestamptz
    FROM api_keys k JOIN organizations o ON o.id = k.org_id WHERE k.hash = p_hash;
END
$$;

-- Creates a person with an organisation of their own. Raises unique_violation for a known e-mail.
CREATE FUNCTION sign_up(p_email text, p_name text, p_password_hash text, p_org_name text)
RETURNS TABLE (user_id uuid, org_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  new_user uuid;
  new_org uuid;
BEGIN
  INSERT INTO users (email, name, password_hash) VALUES (lower(p_email), p_name, p_password_hash) RETURNING id INTO new_user;
  INSERT INTO organizations (name) VALUES (p_org_name) RETURNING id INTO new_org;
  INSERT INTO memberships (org_id, user_id, role) VALUES (new_org, new_user, 'owner');
  INSERT INTO usage_balances (org_id, period) VALUES (new_org, ledger_period());
  RETURN QUERY SELECT new_user, new_org;
END
$$;

-- Counts an attempt before its password is looked at, so that guesses sent at once cannot pass the
-- limit together. Always one row: locked_until where the address is locked (the attempt is then
-- refused), else the person's, or nulls for an unknown address.
CREATE FUNCTION attempt_sign_in(p_email text, p_attempts int, p_lock interval)
RETURNS TABLE (locked_until timestamptz, user_id uuid, email text, name text, password_hash text, org_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  digest text := encode(sha256(convert_to(lower(p_email), 'UTF8')), 'hex');
  attempt sign_in_attempts;
  at timestamptz;
BEGIN
  INSERT INTO sign_in_attempts (email_digest, failures) VALUES (digest, 0) ON CONFLICT DO NOTHING;
  SELECT * INTO attempt FROM sign_in_attempts a WHERE a.email_digest = digest FOR UPDATE;
  at := clock_timestamp();
  IF attempt.locked_until > at THEN
    RETURN QUERY SELECT attempt.locked_until::timestamptz, NULL::uuid, NULL::text, NULL::text, NULL::text, NULL::uuid;
    RETURN;
  END IF;
  IF attempt.locked_until IS NOT NULL OR attempt.updated_at < at - p_lock THEN
    attempt.failures := 0;
  END IF;
  attempt.failures := attempt.failures + 1;
  UPDATE sign_in_attempts a
    SET failures = attempt.failures, updated_at = at, locked_until = CASE WHEN attempt.failures >= p_attempts THEN at + p_lock END
    WHERE a.email_digest = digest;
  RETURN QUERY
    SELECT NULL::timestamptz, u.id, u.email, u.name, u.password_hash,
      (SELECT m.org_id FROM memberships m WHERE m.user_id = u.id ORDER BY m.created_at, m.org_id LIMIT 1)
    FROM (VALUES (1)) AS one LEFT JOIN users u ON u.email = lower(p_email);
END
$$;

-- After the right password.
CREATE FUNCTION clear_sign_in_attempts(p_email text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  DELETE FROM sign_in_attempts WHERE email_digest = encode(sha256(convert_to(lower(p_email), 'UTF8')), 'hex')
$$;

-- A live session, with the person, the organisation and the role it acts in.
CREATE FUNCTION find_session(p_session uuid)
RETURNS TABLE (
  session_id uuid, user_id uuid, email text, name text, is_operator boolean, org_id uuid, org_name text, plan plan, role role,
  org_suspended_at timestamptz, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.id, u.id, u.email, u.name, u.is_operator, o.id, o.name, o.plan, m.role, o.suspended_at, s.expires_at
  FROM sessions s
  JOIN memberships m ON m.org_id = s.org_id AND m.user_id = s.user_id
  JOIN users u ON u.id = s.user_id
  JOIN organizations o ON o.id = s.org_id
  WHERE s.id = p_session AND s.revoked_at IS NULL AND s.expires_at > now()
$$;

CREATE FUNCTION revoke_session(p_session uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE sessions SET revoked_at = now() WHERE id = p_session AND revoked_at IS NULL
$$;

-- The ledger. These run as whoever calls them, under row-level security; one call is one round trip.

-- The first day of the current month, UTC.
CREATE FUNCTION ledger_period() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT date_trunc('month', now() AT TIME ZONE 'UTC')::date $$;

-- Sets the tenant for the rest of the transaction; refuses to change one that is set.
CREATE FUNCTION enter_tenant(p_org uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF app_tenant() IS DISTINCT FROM p_org AND app_tenant() IS NOT NULL THEN
    RAISE EXCEPTION 'This transaction belongs to another tenant.' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM set_config('app.tenant', p_org::text, true);
END
$$;

-- Holds the most that a request can cost. p_plan_limits: {"free": {"tokens": n|null, "characters": n|null}, …}.
-- SQLSTATE PQ001: the quota does not cover it; PQ002: the organisation is suspended; PQ003: there
-- is none; unique_violation: the request id was used before. A refused request leaves nothing.
CREATE FUNCTION ledger_hold(
  p_org uuid, p_request text, p_user uuid, p_key uuid, p_model text, p_feature feature, p_tokens bigint, p_characters bigint,
  p_ttl interval, p_plan_limits jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  org organizations;
  balance usage_balances;
  month date := ledger_period();
  token_limit bigint;
  character_limit bigint;
BEGIN
  PERFORM enter_tenant(p_org);
  SELECT * INTO org FROM organizations WHERE id = p_org;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such organisation.' USING ERRCODE = 'PQ003';
  END IF;
  IF org.suspended_at IS NOT NULL THEN
    RAISE EXCEPTION 'The organisation is suspended.' USING ERRCODE = 'PQ002';
  END IF;
  token_limit := coalesce(org.token_quota, (p_plan_limits -> org.plan::text ->> 'tokens')::bigint);
  character_limit := coalesce(org.character_quota, (p_plan_limits -> org.plan::text ->> 'characters')::bigint);

  INSERT INTO usage_balances (org_id, period) VALUES (p_org, month) ON CONFLICT DO NOTHING;
  SELECT * INTO balance FROM usage_balances WHERE org_id = p_org AND period = month FOR UPDATE;
  IF balance.tokens_used + balance.tokens_held + p_tokens > token_limit THEN
    RAISE EXCEPTION 'The monthly quota of % tokens leaves %, and this request may need %.',
      token_limit, greatest(token_limit - balance.tokens_used - balance.tokens_held, 0), p_tokens USING ERRCODE = 'PQ001';
  END IF;
  IF balance.characters_used + balance.characters_held + p_characters > character_limit THEN
    RAISE EXCEPTION 'The monthly quota of % characters leaves %, and this request needs %.',
      character_limit, greatest(character_limit - balance.characters_used - balance.characters_held, 0), p_characters USING ERRCODE = 'PQ001';
  END IF;
  IF EXISTS (SELECT FROM usage_events WHERE org_id = p_org AND request_id = p_request) THEN
    RAISE EXCEPTION 'The request % was billed before.', p_request USING ERRCODE = 'unique_violation';
  END IF;
  UPDATE usage_balances SET tokens_held = tokens_held + p_tokens, characters_held = characters_held + p_characters
    WHERE org_id = p_org AND period = month;
  INSERT INTO ledger_holds (org_id, request_id, user_id, key_id, model, feature, period, tokens, characters, expires_at)
    VALUES (p_org, p_request, p_user, p_key, p_model, p_feature, month, p_tokens, p_characters, clock_timestamp() + p_ttl);
END
$$;

-- Turns a hold into its one usage event, counted in the month of the hold. False where the event
-- was there before. SQLSTATE PQ004: the request was never held.
CREATE FUNCTION ledger_settle(
  p_org uuid, p_request text, p_prompt_tokens bigint, p_completion_tokens bigint, p_characters bigint, p_training_tokens bigint,
  p_cost_micros bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  hold ledger_holds;
BEGIN
  PERFORM enter_tenant(p_org);
  SELECT * INTO hold FROM ledger_holds WHERE org_id = p_org AND request_id = p_request FOR UPDATE;
  IF NOT FOUND THEN
    IF EXISTS (SELECT FROM usage_events WHERE org_id = p_org AND request_id = p_request) THEN
      RETURN false;
    END IF;
    RAISE EXCEPTION 'The request % was never held.', p_request USING ERRCODE = 'PQ004';
  END IF;
  INSERT INTO usage_events (
    org_id, request_id, user_id, key_id, model, feature, period, prompt_tokens, completion_tokens, characters, training_tokens,
    cost_micros, created_at)
  VALUES (
    p_org, p_request, hold.user_id, hold.key_id, hold.model, hold.feature, hold.period, p_prompt_tokens, p_completion_tokens,
    p_characters, p_training_tokens, p_cost_micros, date_trunc('milliseconds', clock_timestamp()));
  UPDATE usage_balances SET
    tokens_used = tokens_used + p_prompt_tokens + p_completion_tokens, tokens_held = tokens_held - hold.tokens,
    characters_used = characters_used + p_characters, characters_held = characters_held - hold.characters
    WHERE org_id = p_org AND period = hold.period;
  DELETE FROM ledger_holds WHERE org_id = p_org AND request_id = p_request;
  RETURN true;
END
$$;

-- Gives a hold back without an event. p_keep leaves the emptied row, so that a request that was
-- thought dead can still settle. Harmless where there is nothing to release.
CREATE FUNCTION ledger_release(p_org uuid, p_request text, p_keep boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  hold ledger_holds;
BEGIN
  PERFORM enter_tenant(p_org);
  SELECT * INTO hold FROM ledger_holds WHERE org_id = p_org AND request_id = p_request FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  UPDATE usage_balances SET tokens_held = tokens_held - hold.tokens, characters_held = characters_held - hold.characters
    WHERE org_id = p_org AND period = hold.period;
  IF p_keep THEN
    UPDATE ledger_holds SET tokens = 0, characters = 0, released_at = coalesce(released_at, now())
      WHERE org_id = p_org AND request_id = p_request;
  ELSE
    DELETE FROM ledger_holds WHERE org_id = p_org AND request_id = p_request;
  END IF;
END
$$;

-- Generations: written only under the lease's epoch.

-- Appends [{"choice", "text", "token_ids"}, …] in order, renews the lease and tells whoever follows.
-- No row where the lease was lost or the generation has ended.
CREATE FUNCTION append_generation_chunks(p_org uuid, p_generation uuid, p_epoch int, p_chunks jsonb, p_lease interval)
RETURNS TABLE (last_seq int, cancel_requested boolean) LANGUAGE plpgsql AS $$
DECLARE
  added int := jsonb_array_length(p_chunks);
  generation generations;
BEGIN
  PERFORM enter_tenant(p_org);
  UPDATE generations g SET last_seq = g.last_seq + added, lease_until = clock_timestamp() + p_lease
    WHERE g.org_id = p_org AND g.id = p_generation AND g.status = 'running' AND g.lease_epoch = p_epoch
    RETURNING * INTO generation;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF added > 0 THEN
    INSERT INTO generation_chunks (org_id, generation_id, seq, choice, text, token_ids)
      SELECT p_org, p_generation, generation.last_seq - added + chunk.number, (chunk.value ->> 'choice')::int, chunk.value ->> 'text',
        ARRAY(SELECT id::int FROM jsonb_array_elements_text(chunk.value -> 'token_ids') WITH ORDINALITY AS ids(id, place) ORDER BY place)
      FROM jsonb_array_elements(p_chunks) WITH ORDINALITY AS chunk(value, number);
    PERFORM pg_notify('generation', p_generation::text);
  END IF;
  RETURN QUERY SELECT generation.last_seq, generation.cancel_requested;
END
$$;

-- Ends a generation: its chunks become its outputs and its message's text. False where the lease was lost.
CREATE FUNCTION finish_generation(
  p_org uuid, p_generation uuid, p_epoch int, p_status generation_status, p_finish_reasons jsonb, p_error text)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  generation generations;
BEGIN
  PERFORM enter_tenant(p_org);
  UPDATE generations g SET
    status = p_status, finish_reasons = p_finish_reasons, error = p_error, finished_at = clock_timestamp(),
    lease_owner = NULL, lease_until = NULL,
    outputs = ARRAY(
      SELECT coalesce((SELECT string_agg(c.text, '' ORDER BY c.seq) FROM generation_chunks c
        WHERE c.org_id = p_org AND c.generation_id = p_generation AND c.choice = place), '')
      FROM generate_series(0, g.choices - 1) AS place ORDER BY place)
    WHERE g.org_id = p_org AND g.id = p_generation AND g.status = 'running' AND g.lease_epoch = p_epoch
    RETURNING * INTO generation;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE messages SET content = generation.outputs[1] WHERE org_id = p_org AND id = generation.message_id;
  UPDATE conversations SET updated_at = clock_timestamp() WHERE org_id = p_org AND id = generation.conversation_id;
  PERFORM pg_notify('generation', p_generation::text);
  RETURN true;
END
$$;

-- Nobody but the two roles calls any of these.

DO $$
DECLARE
  made regprocedure;
BEGIN
  FOR made IN
    SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname IN (
      'app_tenant', 'app_user', 'find_api_key', 'sign_up', 'attempt_sign_in', 'clear_sign_in_attempts', 'find_session', 'revoke_session',
      'ledger_period', 'enter_tenant', 'ledger_hold', 'ledger_settle', 'ledger_release', 'append_generation_chunks', 'finish_generation')
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO parley_app, parley_operator', made);
  END LOOP;
END
$$;
