-- Billing: what a payment service knows of an organisation, and the usage that is passed on to others.

-- One row for each organisation that Stripe knows. The subscription's columns are a copy of Stripe's newest
-- state; "sync_ticket" is drawn before the state is fetched, and what was fetched under an older ticket than
-- "synced_ticket" is dropped, so that notices in any order end in the newest state.
CREATE TABLE "billing_customers" (
  "org_id" UUID NOT NULL,
  "customer_id" TEXT NOT NULL,
  "subscription_id" TEXT,
  "status" TEXT,
  "plan" "plan",
  "period_start" TIMESTAMPTZ(3),
  "period_end" TIMESTAMPTZ(3),
  "cancel_at_period_end" BOOLEAN NOT NULL DEFAULT false,
  "sync_ticket" BIGINT NOT NULL DEFAULT 0,
  "synced_ticket" BIGINT NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "billing_customers_pkey" PRIMARY KEY ("org_id")
);

-- Webhook notices that were dealt with, so that a second copy does nothing.
CREATE TABLE "stripe_events" (
  "id" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "stripe_events_pkey" PRIMARY KEY ("id")
);

-- The services that usage is passed on to (stripe, openmeter, lago), as the environment names them.
CREATE TABLE "usage_sinks" (
  "name" TEXT NOT NULL,
  "enabled" BOOLEAN NOT NULL,
  "delivered" BIGINT NOT NULL DEFAULT 0,
  "delivered_at" TIMESTAMPTZ(3),

  CONSTRAINT "usage_sinks_pkey" PRIMARY KEY ("name")
);

-- The outbox: an event that a sink has not taken yet, or never will ("dead_at").
CREATE TABLE "usage_exports" (
  "sink" TEXT NOT NULL,
  "event_id" UUID NOT NULL,
  "org_id" UUID NOT NULL,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "unsure_since" TIMESTAMPTZ(3),
  "last_error" TEXT,
  "dead_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "usage_exports_pkey" PRIMARY KEY ("sink","event_id")
);

CREATE UNIQUE INDEX "billing_customers_customer_id_key" ON "billing_customers"("customer_id");
CREATE INDEX "stripe_events_received_at_idx" ON "stripe_events"("received_at");
CREATE INDEX "usage_exports_org_id_idx" ON "usage_exports"("org_id");

ALTER TABLE "billing_customers" ADD CONSTRAINT "billing_customers_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "usage_exports" ADD CONSTRAINT "usage_exports_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema cannot say.

CREATE INDEX "usage_exports_due" ON "usage_exports"("sink", "next_attempt_at") WHERE dead_at IS NULL;
CREATE INDEX "usage_exports_dead" ON "usage_exports"("sink", "dead_at") WHERE dead_at IS NOT NULL;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['billing_customers', 'stripe_events', 'usage_sinks', 'usage_exports'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY operator ON %I TO parley_operator USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY owner_in_functions ON %I TO CURRENT_USER USING (session_user <> current_user)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO parley_operator', name);
  END LOOP;
END
$$;

-- A tenant reads its own subscription; the rest is the operator's alone.
CREATE POLICY tenant ON billing_customers TO parley_app USING (org_id = app_tenant()) WITH CHECK (org_id = app_tenant());
GRANT SELECT ON billing_customers TO parley_app;

-- Puts each new event into the outbox, in the transaction that makes the event: none can be missed, and none
-- is there whose event was taken back. Stripe gets what has a price, of organisations that it knows.
CREATE FUNCTION enqueue_usage_exports() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO usage_exports (sink, event_id, org_id)
    SELECT s.name, a.id, a.org_id FROM usage_sinks s CROSS JOIN added a
    WHERE s.enabled AND (s.name <> 'stripe' OR (a.cost_micros > 0 AND EXISTS (SELECT FROM billing_customers c WHERE c.org_id = a.org_id)))
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE TRIGGER usage_exports_enqueue AFTER INSERT ON usage_events
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION enqueue_usage_exports();

REVOKE ALL ON FUNCTION enqueue_usage_exports() FROM PUBLIC;
