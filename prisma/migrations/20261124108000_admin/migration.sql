-- What the operator can switch off for everybody. A switch without a row is on.

CREATE TABLE "feature_switches" (
  "name" TEXT NOT NULL,
  "enabled" BOOLEAN NOT NULL,
  "changed_by" UUID,
  "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "feature_switches_pkey" PRIMARY KEY ("name")
);

ALTER TABLE "feature_switches" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "feature_switches" FORCE ROW LEVEL SECURITY;
CREATE POLICY operator ON "feature_switches" TO parley_operator USING (true) WITH CHECK (true);
CREATE POLICY owner_in_functions ON "feature_switches" TO CURRENT_USER USING (session_user <> current_user);
CREATE POLICY installation ON "feature_switches" FOR SELECT TO parley_app USING (true);

GRANT SELECT (name, enabled) ON "feature_switches" TO parley_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "feature_switches" TO parley_operator;
