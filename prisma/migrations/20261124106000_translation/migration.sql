-- Glossaries, documents and corrections of translations, and the store of their files.

CREATE TYPE "document_status" AS ENUM ('queued', 'translating', 'done', 'error');
CREATE TYPE "correction_status" AS ENUM ('open', 'used', 'dismissed');

CREATE TABLE "blobs" (
  "org_id" UUID NOT NULL,
  "sha256" TEXT NOT NULL,
  "bytes" BIGINT NOT NULL,
  "refs" INTEGER NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "blobs_pkey" PRIMARY KEY ("org_id","sha256")
);

CREATE TABLE "blob_chunks" (
  "org_id" UUID NOT NULL,
  "sha256" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "data" BYTEA NOT NULL,

  CONSTRAINT "blob_chunks_pkey" PRIMARY KEY ("org_id","sha256","position")
);

CREATE TABLE "glossaries" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "org_id" UUID NOT NULL,
  "created_by" UUID,
  "name" TEXT NOT NULL,
  "source_lang" TEXT NOT NULL,
  "target_lang" TEXT NOT NULL,
  "entries" TEXT NOT NULL,
  "entry_count" INTEGER NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "glossaries_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "documents" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "org_id" UUID NOT NULL,
  "user_id" UUID,
  "key_id" UUID,
  "request_id" TEXT NOT NULL,
  "access_hash" TEXT NOT NULL,
  "filename" TEXT NOT NULL,
  "format" TEXT NOT NULL,
  "model" TEXT NOT NULL,
  "source_lang" TEXT NOT NULL,
  "target_lang" TEXT NOT NULL,
  "glossary_id" UUID,
  "status" "document_status" NOT NULL DEFAULT 'queued',
  "input_sha256" TEXT,
  "output_sha256" TEXT,
  "characters" BIGINT NOT NULL,
  "sentences_total" INTEGER NOT NULL,
  "sentences_done" INTEGER NOT NULL DEFAULT 0,
  "prompt_tokens" BIGINT NOT NULL DEFAULT 0,
  "completion_tokens" BIGINT NOT NULL DEFAULT 0,
  "used_characters" BIGINT NOT NULL DEFAULT 0,
  "remarks" JSONB NOT NULL DEFAULT '[]',
  "error" TEXT,
  "lease_owner" TEXT,
  "lease_until" TIMESTAMPTZ(3),
  "lease_epoch" INTEGER NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "started_at" TIMESTAMPTZ(3),
  "finished_at" TIMESTAMPTZ(3),
  "expires_at" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "documents_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "document_sentences" (
  "org_id" UUID NOT NULL,
  "document_id" UUID NOT NULL,
  "digest" TEXT NOT NULL,
  "translation" TEXT NOT NULL,

  CONSTRAINT "document_sentences_pkey" PRIMARY KEY ("document_id","digest")
);

CREATE TABLE "translation_corrections" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "org_id" UUID NOT NULL,
  "user_id" UUID,
  "key_id" UUID,
  "source" TEXT NOT NULL,
  "source_lang" TEXT NOT NULL,
  "target_lang" TEXT NOT NULL,
  "output" TEXT,
  "correction" TEXT NOT NULL,
  "rating" INTEGER,
  "comment" TEXT,
  "model" TEXT,
  "status" "correction_status" NOT NULL DEFAULT 'open',
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "translation_corrections_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "glossaries_org_id_created_at_idx" ON "glossaries"("org_id", "created_at");
CREATE INDEX "documents_org_id_user_id_created_at_idx" ON "documents"("org_id", "user_id", "created_at");
CREATE INDEX "documents_expires_at_idx" ON "documents"("expires_at");
CREATE UNIQUE INDEX "documents_org_id_id_key" ON "documents"("org_id", "id");
CREATE UNIQUE INDEX "documents_org_id_request_id_key" ON "documents"("org_id", "request_id");
CREATE INDEX "document_sentences_org_id_document_id_idx" ON "document_sentences"("org_id", "document_id");
CREATE INDEX "translation_corrections_org_id_created_at_idx" ON "translation_corrections"("org_id", "created_at");

ALTER TABLE "blobs" ADD CONSTRAINT "blobs_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "blob_chunks" ADD CONSTRAINT "blob_chunks_org_id_sha256_fkey" FOREIGN KEY ("org_id", "sha256") REFERENCES "blobs"("org_id", "sha256") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "glossaries" ADD CONSTRAINT "glossaries_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "documents" ADD CONSTRAINT "documents_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "document_sentences" ADD CONSTRAINT "document_sentences_org_id_document_id_fkey" FOREIGN KEY ("org_id", "document_id") REFERENCES "documents"("org_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "translation_corrections" ADD CONSTRAINT "translation_corrections_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema cannot say.

-- A blob that is still being written has a name of its own and no reference.
ALTER TABLE "blobs" ADD CONSTRAINT "blobs_named" CHECK (bytes >= 0 AND refs >= 0 AND (sha256 ~ '^[0-9a-f]{64}$' OR (sha256 ~ '^writing:' AND refs = 0)));
ALTER TABLE "blob_chunks" ADD CONSTRAINT "blob_chunks_at_most_1_mib" CHECK (position >= 0 AND octet_length(data) BETWEEN 1 AND 1048576);
-- Files do not become smaller by being compressed again.
ALTER TABLE "blob_chunks" ALTER COLUMN data SET STORAGE EXTERNAL;
ALTER TABLE "documents" ADD CONSTRAINT "documents_not_negative"
  CHECK (least(characters, sentences_total, sentences_done, prompt_tokens, completion_tokens, used_characters) >= 0);
ALTER TABLE "translation_corrections" ADD CONSTRAINT "translation_corrections_rating" CHECK (rating BETWEEN 1 AND 5);
-- The queue: documents that nobody works on, or whose worker may have died.
CREATE INDEX "documents_waiting" ON "documents"("lease_until") WHERE status IN ('queued', 'translating');
CREATE INDEX "blobs_unreferenced" ON "blobs"("created_at") WHERE refs = 0;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['blobs', 'blob_chunks', 'glossaries', 'documents', 'document_sentences', 'translation_corrections'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY operator ON %I TO parley_operator USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY owner_in_functions ON %I TO CURRENT_USER USING (session_user <> current_user)', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO parley_app USING (org_id = app_tenant()) WITH CHECK (org_id = app_tenant())', name);
  END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE (refs), DELETE ON blobs TO parley_app;
GRANT SELECT, INSERT, UPDATE (sha256), DELETE ON blob_chunks TO parley_app;
GRANT SELECT, INSERT, UPDATE (name, entries, entry_count, updated_at), DELETE ON glossaries TO parley_app;
GRANT SELECT, INSERT, DELETE,
  UPDATE (status, input_sha256, output_sha256, sentences_done, prompt_tokens, completion_tokens, used_characters, remarks, error,
    lease_owner, lease_until, lease_epoch, started_at, finished_at, expires_at) ON documents TO parley_app;
GRANT SELECT, INSERT, DELETE ON document_sentences TO parley_app;
GRANT SELECT, INSERT, UPDATE (status), DELETE ON translation_corrections TO parley_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON blobs, blob_chunks, glossaries, documents, document_sentences, translation_corrections TO parley_operator;
