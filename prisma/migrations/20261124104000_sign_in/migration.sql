-- Sign-in as companies need it: other ways in (OAuth and an issuer of the organisation's own), a
-- second factor, and sessions that say how, from where and by whom they were opened.

-- An organisation's own OpenID Connect issuer. A change of the issuer is a new row: who a subject is
-- means nothing under another issuer, so links and sessions go with the old one.
CREATE TABLE "identity_providers" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "org_id" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "issuer" TEXT NOT NULL,
  "client_id" TEXT NOT NULL,
  "client_secret" TEXT NOT NULL,
  "required" BOOLEAN NOT NULL DEFAULT false,
  "auto_join_role" "role",
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "identity_providers_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "sso_domains" (
  "org_id" UUID NOT NULL,
  "domain" TEXT NOT NULL,
  "token" TEXT NOT NULL,
  "confirmed_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "sso_domains_pkey" PRIMARY KEY ("org_id","domain")
);

CREATE TABLE "linked_accounts" (
  "provider" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "user_id" UUID NOT NULL,
  "identity_provider_id" UUID,
  "email" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "last_used_at" TIMESTAMPTZ(3),

  CONSTRAINT "linked_accounts_pkey" PRIMARY KEY ("provider","subject")
);

CREATE TABLE "totp_secrets" (
  "user_id" UUID NOT NULL,
  "secret" TEXT NOT NULL,
  "last_step" BIGINT NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "confirmed_at" TIMESTAMPTZ(3),

  CONSTRAINT "totp_secrets_pkey" PRIMARY KEY ("user_id")
);

CREATE TABLE "recovery_codes" (
  "user_id" UUID NOT NULL,
  "hash" TEXT NOT NULL,
  "used_at" TIMESTAMPTZ(3),

  CONSTRAINT "recovery_codes_pkey" PRIMARY KEY ("user_id","hash")
);

ALTER TABLE "sessions"
  ADD COLUMN "ip" TEXT,
  ADD COLUMN "method" TEXT NOT NULL DEFAULT 'password',
  ADD COLUMN "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "second_factor_due" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "second_factor_at" TIMESTAMPTZ(3),
  ADD COLUMN "impersonated_by" UUID,
  ADD COLUMN "identity_provider_id" UUID,
  ADD COLUMN "link_until" TIMESTAMPTZ(3);

CREATE UNIQUE INDEX "identity_providers_org_id_key" ON "identity_providers"("org_id");
CREATE INDEX "linked_accounts_user_id_idx" ON "linked_accounts"("user_id");
CREATE INDEX "linked_accounts_identity_provider_id_idx" ON "linked_accounts"("identity_provider_id");
CREATE INDEX "sessions_identity_provider_id_idx" ON "sessions"("identity_provider_id");

ALTER TABLE "identity_providers" ADD CONSTRAINT "identity_providers_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "sso_domains" ADD CONSTRAINT "sso_domains_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "linked_accounts" ADD CONSTRAINT "linked_accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "linked_accounts" ADD CONSTRAINT "linked_accounts_identity_provider_id_fkey" FOREIGN KEY ("identity_provider_id") REFERENCES "identity_providers"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "totp_secrets" ADD CONSTRAINT "totp_secrets_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_impersonated_by_fkey" FOREIGN KEY ("impersonated_by") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_identity_provider_id_fkey" FOREIGN KEY ("identity_provider_id") REFERENCES "identity_providers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema cannot say.

ALTER TABLE "sso_domains" ADD CONSTRAINT "sso_domains_lower_case" CHECK (domain = lower(domain));
-- Any organisation may claim a domain; one has proved it.
CREATE UNIQUE INDEX "sso_domains_confirmed" ON "sso_domains"("domain") WHERE confirmed_at IS NOT NULL;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['identity_providers', 'sso_domains', 'linked_accounts', 'totp_secrets', 'recovery_codes'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY operator ON %I TO parley_operator USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY owner_in_functions ON %I TO CURRENT_USER USING (session_user <> current_user)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO parley_operator', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['identity_providers', 'sso_domains'] LOOP
    EXECUTE format('CREATE POLICY tenant ON %I TO parley_app USING (org_id = app_tenant()) WITH CHECK (org_id = app_tenant())', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['linked_accounts', 'totp_secrets', 'recovery_codes'] LOOP
    EXECUTE format('CREATE POLICY person ON %I TO parley_app USING (user_id = app_user()) WITH CHECK (user_id = app_user())', name);
  END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE (name, client_id, client_secret, required, auto_join_role), DELETE ON identity_providers TO parley_app;
GRANT SELECT, INSERT, UPDATE (confirmed_at), DELETE ON sso_domains TO parley_app;
GRANT SELECT, INSERT, DELETE ON linked_accounts TO parley_app;
GRANT SELECT, INSERT, UPDATE (secret, last_step, created_at, confirmed_at), DELETE ON totp_secrets TO parley_app;
GRANT SELECT, INSERT, UPDATE (used_at), DELETE ON recovery_codes TO parley_app;
GRANT UPDATE (expires_at, second_factor_due, second_factor_at, link_until) ON sessions TO parley_app;

-- Look-ups that come before any tenant or person is known: as the owner, each for one purpose.

-- Whether a membership may be acted under by a session of this kind: where an organisation requires
-- its own sign-on, by that alone. Owners stay free, so that a broken issuer locks nobody out for good.
CREATE FUNCTION sign_on_suffices(p_org uuid, p_role role, p_identity_provider uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT p_role = 'owner' OR NOT EXISTS (
    SELECT FROM identity_providers p WHERE p.org_id = p_org AND p.required AND p.id IS DISTINCT FROM p_identity_provider)
$$;

-- A live session, with the person, the organisation and the role it acts in. Its last use is kept by
-- the minute. Whoever came in through an organisation's issuer, or in somebody's place, is no operator.
DROP FUNCTION find_session(uuid);
CREATE FUNCTION find_session(p_session uuid)
RETURNS TABLE (
  session_id uuid, user_id uuid, email text, name text, is_operator boolean, org_id uuid, org_name text, plan plan, role role,
  org_suspended_at timestamptz, expires_at timestamptz, second_factor boolean, impersonated_by uuid, identity_provider_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE sessions s SET last_seen_at = now()
    WHERE s.id = p_session AND s.revoked_at IS NULL AND s.expires_at > now() AND NOT s.second_factor_due
      AND s.last_seen_at < now() - interval '1 minute';
  RETURN QUERY
    SELECT s.id, u.id, u.email, u.name, u.is_operator AND s.identity_provider_id IS NULL AND s.impersonated_by IS NULL,
      o.id, o.name, o.plan, m.role, o.suspended_at::timestamptz, s.expires_at::timestamptz, s.second_factor_at IS NOT NULL,
      s.impersonated_by, s.identity_provider_id
    FROM sessions s
    JOIN memberships m ON m.org_id = s.org_id AND m.user_id = s.user_id
    JOIN users u ON u.id = s.user_id
    JOIN organizations o ON o.id = s.org_id
    WHERE s.id = p_session AND s.revoked_at IS NULL AND s.expires_at > now() AND NOT s.second_factor_due
      AND (s.impersonated_by IS NOT NULL OR sign_on_suffices(m.org_id, m.role, s.identity_provider_id));
END
$$;

-- A session that waits for its second factor, and whose it will be.
CREATE FUNCTION find_due_session(p_session uuid) RETURNS TABLE (user_id uuid, email text, org_id uuid, method text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT u.id, u.email, s.org_id, s.method FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = p_session AND s.revoked_at IS NULL AND s.expires_at > now() AND s.second_factor_due
$$;

-- False where the session is not live, the person is no member, or this session may not act there.
CREATE FUNCTION switch_session(p_session uuid, p_org uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE sessions s SET org_id = m.org_id FROM memberships m
    WHERE s.id = p_session AND s.revoked_at IS NULL AND s.expires_at > now() AND NOT s.second_factor_due
      AND m.user_id = s.user_id AND m.org_id = p_org
      AND (s.org_id = p_org OR (s.impersonated_by IS NULL AND s.identity_provider_id IS NULL AND sign_on_suffices(m.org_id, m.role, NULL)));
  RETURN FOUND;
END
$$;

-- The organisation that a new session starts in: the person's oldest that this way in suffices for.
CREATE FUNCTION first_organization(p_user uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT m.org_id FROM memberships m WHERE m.user_id = p_user AND sign_on_suffices(m.org_id, m.role, NULL)
  ORDER BY m.created_at, m.org_id LIMIT 1
$$;

-- As before, and with it: whether a second factor is asked for, an organisation that wants its own
-- sign-on, for a person who belongs to no other, and the how many-eth attempt since the last success it is.
DROP FUNCTION attempt_sign_in(text, int, interval);
CREATE FUNCTION attempt_sign_in(p_email text, p_attempts int, p_lock interval)
RETURNS TABLE (
  locked_until timestamptz, user_id uuid, email text, name text, password_hash text, org_id uuid, sso_org_id uuid, second_factor boolean,
  attempt_number int)
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
    RETURN QUERY SELECT attempt.locked_until::timestamptz, NULL::uuid, NULL::text, NULL::text, NULL::text, NULL::uuid, NULL::uuid, NULL::boolean, NULL::int;
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
    SELECT NULL::timestamptz, u.id, u.email, u.name, u.password_hash, first_organization(u.id),
      (SELECT m.org_id FROM memberships m WHERE m.user_id = u.id ORDER BY m.created_at, m.org_id LIMIT 1),
      EXISTS (SELECT FROM totp_secrets t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL), attempt.failures
    FROM (VALUES (1)) AS one LEFT JOIN users u ON u.email = lower(p_email);
END
$$;

-- After the right password of somebody who has yet to send the code: this attempt was no failure,
-- and no success that would let codes be guessed for ever.
CREATE FUNCTION forgive_sign_in_attempt(p_email text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE sign_in_attempts SET failures = greatest(failures - 1, 0), locked_until = NULL
  WHERE email_digest = encode(sha256(convert_to(lower(p_email), 'UTF8')), 'hex')
$$;

-- An organisation's issuer by its own id, by the organisation's, or by an e-mail domain that the
-- organisation has proved to own.
CREATE FUNCTION find_identity_provider(p_id uuid, p_org uuid, p_domain text)
RETURNS TABLE (id uuid, org_id uuid, org_name text, name text, issuer text, client_id text, client_secret text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT p.id, p.org_id, o.name, p.name, p.issuer, p.client_id, p.client_secret
  FROM identity_providers p JOIN organizations o ON o.id = p.org_id
  WHERE p.id = p_id OR p.org_id = p_org
    OR p.org_id = (SELECT d.org_id FROM sso_domains d WHERE d.domain = lower(p_domain) AND d.confirmed_at IS NOT NULL)
$$;

-- Whom an account elsewhere belongs to; no row where it is not linked.
CREATE FUNCTION find_linked_account(p_provider text, p_subject text)
RETURNS TABLE (user_id uuid, email text, org_id uuid, sso_org_id uuid, second_factor boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE linked_accounts a SET last_used_at = now() WHERE a.provider = p_provider AND a.subject = p_subject;
  RETURN QUERY
    SELECT u.id, u.email,
      CASE WHEN a.identity_provider_id IS NULL THEN first_organization(u.id)
        ELSE (SELECT m.org_id FROM memberships m JOIN identity_providers p ON p.org_id = m.org_id
          WHERE m.user_id = u.id AND p.id = a.identity_provider_id) END,
      (SELECT m.org_id FROM memberships m WHERE m.user_id = u.id ORDER BY m.created_at, m.org_id LIMIT 1),
      EXISTS (SELECT FROM totp_secrets t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL)
    FROM linked_accounts a JOIN users u ON u.id = a.user_id WHERE a.provider = p_provider AND a.subject = p_subject;
END
$$;

-- A person who comes from elsewhere with an e-mail that was verified there: into the organisations
-- that have invited this address, else with an organisation of their own, or nowhere and without a row
-- where p_org_name is null. org_id is null where every inviting organisation wants its own sign-on.
-- Raises unique_violation for a known e-mail or account.
CREATE FUNCTION sign_up_linked(p_email text, p_name text, p_org_name text, p_provider text, p_subject text)
RETURNS TABLE (user_id uuid, org_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person uuid;
BEGIN
  IF p_org_name IS NULL AND NOT EXISTS (SELECT FROM invitations i WHERE i.email = lower(p_email)
      AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > clock_timestamp()) THEN
    RETURN;
  END IF;
  INSERT INTO users (email, name, email_verified_at) VALUES (lower(p_email), p_name, now()) RETURNING users.id INTO person;
  INSERT INTO linked_accounts (provider, subject, user_id, email, last_used_at) VALUES (p_provider, p_subject, person, lower(p_email), now());
  WITH accepted AS (
    UPDATE invitations i SET accepted_at = clock_timestamp()
      WHERE i.email = lower(p_email) AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > clock_timestamp()
      RETURNING i.org_id, i.role)
  INSERT INTO memberships (org_id, user_id, role) SELECT a.org_id, person, a.role FROM accepted a;
  IF NOT FOUND THEN
    WITH made AS (INSERT INTO organizations (name) VALUES (p_org_name) RETURNING id),
      balance AS (INSERT INTO usage_balances (org_id, period) SELECT id, ledger_period() FROM made)
    INSERT INTO memberships (org_id, user_id, role) SELECT id, person, 'owner' FROM made;
  END IF;
  RETURN QUERY SELECT person, first_organization(person);
END
$$;

-- Somebody unknown at an organisation's issuer, with an e-mail that the issuer has verified. Outcome:
-- 'linked' a member with that e-mail; 'joined' a new member, by an invitation or because the
-- organisation takes in whoever its issuer vouches for; else nothing was done: 'foreign_domain' (the
-- organisation has not proved to own the address's domain), 'known' (an account whose address was
-- never verified here: whoever made it would come along), 'closed' (new people are not taken in).
CREATE FUNCTION enter_by_identity_provider(p_identity_provider uuid, p_subject text, p_email text, p_name text)
RETURNS TABLE (outcome text, user_id uuid, org_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  provider identity_providers;
  person users;
  joins role;
BEGIN
  SELECT * INTO STRICT provider FROM identity_providers p WHERE p.id = p_identity_provider;
  IF NOT EXISTS (SELECT FROM sso_domains d WHERE d.org_id = provider.org_id AND d.confirmed_at IS NOT NULL
      AND d.domain = lower(split_part(p_email, '@', 2))) THEN
    RETURN QUERY SELECT 'foreign_domain', NULL::uuid, NULL::uuid;
    RETURN;
  END IF;
  SELECT * INTO person FROM users u WHERE u.email = lower(p_email);
  IF EXISTS (SELECT FROM memberships m WHERE m.org_id = provider.org_id AND m.user_id = person.id) THEN
    outcome := 'linked';
  ELSIF person.id IS NOT NULL AND person.email_verified_at IS NULL THEN
    RETURN QUERY SELECT 'known', NULL::uuid, NULL::uuid;
    RETURN;
  ELSE
    UPDATE invitations i SET accepted_at = clock_timestamp()
      WHERE i.org_id = provider.org_id AND i.email = lower(p_email) AND i.accepted_at IS NULL AND i.revoked_at IS NULL
        AND i.expires_at > clock_timestamp()
      RETURNING i.role INTO joins;
    joins := coalesce(joins, provider.auto_join_role);
    IF joins IS NULL THEN
      RETURN QUERY SELECT 'closed', NULL::uuid, NULL::uuid;
      RETURN;
    END IF;
    IF person.id IS NULL THEN
      INSERT INTO users (email, name, email_verified_at) VALUES (lower(p_email), p_name, now()) RETURNING * INTO person;
    END IF;
    INSERT INTO memberships (org_id, user_id, role) VALUES (provider.org_id, person.id, joins);
    outcome := 'joined';
  END IF;
  INSERT INTO linked_accounts (provider, subject, user_id, identity_provider_id, email, last_used_at)
    VALUES ('oidc-' || provider.id, p_subject, person.id, provider.id, lower(p_email), now());
  RETURN QUERY SELECT outcome, person.id, provider.org_id;
END
$$;

-- Whether the person can sign in with a password; the hash itself is nobody's to read.
CREATE FUNCTION has_password(p_user uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT u.password_hash IS NOT NULL FROM users u WHERE u.id = p_user
$$;

DO $$
DECLARE
  made regprocedure;
BEGIN
  FOR made IN
    SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname IN (
      'sign_on_suffices', 'find_session', 'find_due_session', 'switch_session', 'first_organization', 'attempt_sign_in',
      'forgive_sign_in_attempt', 'find_identity_provider', 'find_linked_account', 'sign_up_linked', 'enter_by_identity_provider', 'has_password')
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO parley_app, parley_operator', made);
  END LOOP;
END
$$;
