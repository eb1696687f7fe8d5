-- Organisations: invitations by mail, who may stop being an owner, password resets, and the audit log.

-- The one log of who did what. A null organisation is the installation's own.
CREATE TABLE "audit_events" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "org_id" UUID,
  "actor_id" UUID,
  "actor_email" TEXT,
  "action" TEXT NOT NULL,
  "target" TEXT,
  "details" JSONB NOT NULL DEFAULT '{}',
  "ip" TEXT,
  "user_agent" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

  CONSTRAINT "audit_events_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "invitations" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "org_id" UUID NOT NULL,
  "email" TEXT NOT NULL,
  "role" "role" NOT NULL,
  "token_hash" TEXT NOT NULL,
  "invited_by" UUID,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "accepted_at" TIMESTAMPTZ(3),
  "revoked_at" TIMESTAMPTZ(3),

  CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "password_resets" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "user_id" UUID NOT NULL,
  "token_hash" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "password_resets_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "users" ADD COLUMN "email_verified_at" TIMESTAMPTZ(3);

CREATE INDEX "audit_events_org_id_created_at_id_idx" ON "audit_events"("org_id", "created_at", "id");
CREATE INDEX "audit_events_created_at_id_idx" ON "audit_events"("created_at", "id");
CREATE UNIQUE INDEX "invitations_token_hash_key" ON "invitations"("token_hash");
CREATE INDEX "invitations_org_id_created_at_idx" ON "invitations"("org_id", "created_at");
CREATE UNIQUE INDEX "password_resets_token_hash_key" ON "password_resets"("token_hash");
CREATE INDEX "password_resets_user_id_idx" ON "password_resets"("user_id");

ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "password_resets" ADD CONSTRAINT "password_resets_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema cannot say.

ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_action_dotted" CHECK (action ~ '^[a-z0-9_]+(\.[a-z0-9_]+)+$');
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_email_lower_case" CHECK (email = lower(email));
-- Ownership is handed over by an owner, who confirms it; no link does that.
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_never_to_own" CHECK (role <> 'owner');
CREATE UNIQUE INDEX "invitations_open" ON "invitations"("org_id", "email") WHERE accepted_at IS NULL AND revoked_at IS NULL;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['audit_events', 'invitations', 'password_resets'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY operator ON %I TO parley_operator USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY owner_in_functions ON %I TO CURRENT_USER USING (session_user <> current_user)', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['audit_events', 'invitations'] LOOP
    EXECUTE format('CREATE POLICY tenant ON %I TO parley_app USING (org_id = app_tenant()) WITH CHECK (org_id = app_tenant())', name);
  END LOOP;
END
$$;

-- Audit events are written by record_audit alone and changed by nobody; the operator may drop what is too old.
GRANT SELECT ON audit_events TO parley_app;
GRANT SELECT, DELETE ON audit_events TO parley_operator;
GRANT SELECT (id, org_id, email, role, invited_by, created_at, expires_at, accepted_at, revoked_at), INSERT,
  UPDATE (token_hash, expires_at, revoked_at) ON invitations TO parley_app;
GRANT SELECT, DELETE ON invitations TO parley_operator;
GRANT SELECT (email_verified_at) ON users TO parley_app;

-- Keeps the actor's address as it was, for when the person has left.
CREATE FUNCTION record_audit(p_org uuid, p_actor uuid, p_action text, p_target text, p_details jsonb, p_ip text, p_user_agent text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO audit_events (org_id, actor_id, actor_email, action, target, details, ip, user_agent)
    VALUES (p_org, p_actor, (SELECT u.email FROM users u WHERE u.id = p_actor), p_action, p_target, p_details, p_ip, p_user_agent)
$$;

-- What a person does to the own account: told to each organisation that the person belongs to, or
-- to the installation where there is none.
CREATE FUNCTION record_person_audit(p_user uuid, p_action text, p_target text, p_details jsonb, p_ip text, p_user_agent text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO audit_events (org_id, actor_id, actor_email, action, target, details, ip, user_agent)
    SELECT m.org_id, u.id, u.email, p_action, p_target, p_details, p_ip, p_user_agent
    FROM users u LEFT JOIN memberships m ON m.user_id = u.id WHERE u.id = p_user
$$;

-- An organisation keeps an owner. The organisation's row is locked first, so that two owners who
-- leave at once do it one after the other. SQLSTATE PO001. Where the whole organisation goes, it
-- holds nobody back.
CREATE FUNCTION keep_an_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM FROM organizations o WHERE o.id = OLD.org_id FOR NO KEY UPDATE;
  IF FOUND AND NOT EXISTS (SELECT FROM memberships m WHERE m.org_id = OLD.org_id AND m.role = 'owner') THEN
    RAISE EXCEPTION 'An organisation keeps at least one owner.' USING ERRCODE = 'PO001';
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER memberships_keep_an_owner_on_delete AFTER DELETE ON memberships
  FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION keep_an_owner();
CREATE TRIGGER memberships_keep_an_owner_on_update AFTER UPDATE OF role ON memberships
  FOR EACH ROW WHEN (OLD.role = 'owner' AND NEW.role <> 'owner') EXECUTE FUNCTION keep_an_owner();

-- One more organisation of somebody who is here. SQLSTATE PO002: the person owns p_most already.
CREATE FUNCTION create_organization(p_user uuid, p_name text, p_most int) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  new_org uuid;
BEGIN
  PERFORM FROM users u WHERE u.id = p_user FOR NO KEY UPDATE;
  IF (SELECT count(*) FROM memberships m WHERE m.user_id = p_user AND m.role = 'owner') >= p_most THEN
    RAISE EXCEPTION 'One person owns at most % organisations.', p_most USING ERRCODE = 'PO002';
  END IF;
  INSERT INTO organizations (name) VALUES (p_name) RETURNING id INTO new_org;
  INSERT INTO memberships (org_id, user_id, role) VALUES (new_org, p_user, 'owner');
  INSERT INTO usage_balances (org_id, period) VALUES (new_org, ledger_period());
  RETURN new_org;
END
$$;

-- What a link's holder may see of an invitation that is still open.
CREATE FUNCTION find_invitation(p_token_hash text)
RETURNS TABLE (org_id uuid, org_name text, email text, role role, invited_by text, has_account boolean, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT o.id, o.name, i.email, i.role, (SELECT u.name FROM users u WHERE u.id = i.invited_by),
    EXISTS (SELECT FROM users u WHERE u.email = i.email), i.expires_at
  FROM invitations i JOIN organizations o ON o.id = i.org_id
  WHERE i.token_hash = p_token_hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()
$$;

-- Makes the person of the invitation's own address a member, once. A member already keeps the
-- role there is. No row where no such invitation is open for this person.
CREATE FUNCTION accept_invitation(p_token_hash text, p_user uuid) RETURNS TABLE (org_id uuid, role role, joined boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  invitation invitations;
  added int;
BEGIN
  UPDATE invitations i SET accepted_at = clock_timestamp()
    WHERE i.token_hash = p_token_hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > clock_timestamp()
      AND i.email = (SELECT u.email FROM users u WHERE u.id = p_user)
    RETURNING * INTO invitation;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  INSERT INTO memberships (org_id, user_id, role) VALUES (invitation.org_id, p_user, invitation.role) ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;
  RETURN QUERY SELECT m.org_id, m.role, added = 1 FROM memberships m WHERE m.org_id = invitation.org_id AND m.user_id = p_user;
END
$$;

-- The same for somebody who is new here: an account, and no organisation of its own. Raises
-- unique_violation where the address has an account by now.
CREATE FUNCTION accept_invitation_as_new(p_token_hash text, p_name text, p_password_hash text)
RETURNS TABLE (user_id uuid, email text, org_id uuid, role role)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  new_user uuid;
BEGIN
  INSERT INTO users (email, name, password_hash)
    SELECT i.email, p_name, p_password_hash FROM invitations i
    WHERE i.token_hash = p_token_hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > clock_timestamp()
    RETURNING id INTO new_user;
  IF new_user IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT new_user, u.email, a.org_id, a.role FROM accept_invitation(p_token_hash, new_user) a, users u WHERE u.id = new_user;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The invitation ended meanwhile.' USING ERRCODE = 'PO003';
  END IF;
END
$$;

-- Opens a way to a new password. No row for an unknown address, or where p_most are open: a mailbox
-- is not to be flooded.
CREATE FUNCTION request_password_reset(p_email text, p_token_hash text, p_ttl interval, p_most int)
RETURNS TABLE (user_id uuid, email text, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person users;
BEGIN
  SELECT * INTO person FROM users u WHERE u.email = lower(p_email) FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  DELETE FROM password_resets r WHERE r.expires_at <= now();
  IF (SELECT count(*) FROM password_resets r WHERE r.user_id = person.id) >= p_most THEN
    RETURN;
  END IF;
  INSERT INTO password_resets (user_id, token_hash, expires_at) VALUES (person.id, p_token_hash, now() + p_ttl);
  RETURN QUERY SELECT person.id, person.email, person.name;
END
$$;

-- Whose password the link sets; no row where it was used or is too old.
CREATE FUNCTION find_password_reset(p_token_hash text) RETURNS TABLE (email text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT u.email FROM password_resets r JOIN users u ON u.id = r.user_id WHERE r.token_hash = p_token_hash AND r.expires_at > now()
$$;

-- Sets the password, once: every other link, every session and any lock of the address ends with it.
CREATE FUNCTION reset_password(p_token_hash text, p_password_hash text) RETURNS TABLE (user_id uuid, email text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person users;
BEGIN
  UPDATE users u SET password_hash = p_password_hash
    FROM password_resets r WHERE r.token_hash = p_token_hash AND r.expires_at > now() AND u.id = r.user_id
    RETURNING u.* INTO person;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  DELETE FROM password_resets r WHERE r.token_hash = p_token_hash;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The link was used meanwhile.' USING ERRCODE = 'PO003';
  END IF;
  DELETE FROM password_resets r WHERE r.user_id = person.id;
  UPDATE sessions s SET revoked_at = clock_timestamp() WHERE s.user_id = person.id AND s.revoked_at IS NULL;
  DELETE FROM sign_in_attempts a WHERE a.email_digest = encode(sha256(convert_to(person.email, 'UTF8')), 'hex');
  RETURN QUERY SELECT person.id, person.email;
END
$$;

-- After the link of a mail to this very address.
CREATE FUNCTION verify_email(p_user uuid, p_email text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH verified AS (
    UPDATE users u SET email_verified_at = coalesce(u.email_verified_at, clock_timestamp()) WHERE u.id = p_user AND u.email = lower(p_email) RETURNING 1)
  SELECT EXISTS (SELECT FROM verified)
$$;

DO $$
DECLARE
  made regprocedure;
BEGIN
  FOR made IN
    SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname IN (
      'record_audit', 'record_person_audit', 'create_organization', 'find_invitation', 'accept_invitation', 'accept_invitation_as_new',
      'request_password_reset', 'find_password_reset', 'reset_password', 'verify_email')
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO parley_app, parley_operator', made);
  END LOOP;
  REVOKE ALL ON FUNCTION keep_an_owner() FROM PUBLIC;
END
$$;
