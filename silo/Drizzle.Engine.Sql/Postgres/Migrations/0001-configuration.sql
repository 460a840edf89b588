-- One row: the lineage of this database and its last revision. Whoever writes configuration holds this row until it commits, so that
-- revisions are committed in their order and none is left out.
CREATE TABLE drizzle.lineage (only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), epoch text NOT NULL, revision bigint NOT NULL);
INSERT INTO drizzle.lineage (epoch, revision) VALUES (replace(gen_random_uuid()::text, '-', ''), 0);

-- Where the database is now. A restored backup or a promoted standby is another lineage, whatever it says of itself: the timeline tells the
-- one, the table's file the other.
CREATE VIEW drizzle.position AS
  SELECT epoch || '.' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) || '.' || pg_relation_filenode('drizzle.lineage') AS epoch, revision
  FROM drizzle.lineage;

-- scope: a tenant's slug, or '' for the platform. body: null once deleted, so that the feed can tell of it.
CREATE TABLE drizzle.documents (scope text COLLATE "C" PRIMARY KEY, revision bigint NOT NULL UNIQUE, body jsonb);
CREATE TABLE drizzle.hosts (host text COLLATE "C" PRIMARY KEY, scope text COLLATE "C" NOT NULL);
CREATE INDEX hosts_by_scope ON drizzle.hosts (scope);

-- body: the document after the change; null for a deletion.
CREATE TABLE drizzle.revisions (
  revision bigint PRIMARY KEY, scope text COLLATE "C" NOT NULL, body jsonb, actor text NOT NULL, address text, reason text,
  at timestamptz NOT NULL);
CREATE INDEX revisions_by_scope ON drizzle.revisions (scope, revision);

-- scope: a tenant's slug, or '' for the platform.
CREATE TABLE drizzle.tokens (
  scope text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, hash text NOT NULL UNIQUE, role text NOT NULL,
  created_at timestamptz NOT NULL, expires_at timestamptz, last_used_at timestamptz, PRIMARY KEY (scope, name));

-- What edges said last. It survives a crash of the database: who is not listed is not waited for.
CREATE TABLE drizzle.edges (id text COLLATE "C" PRIMARY KEY, report jsonb NOT NULL, seen_at timestamptz NOT NULL);

-- Writes a document if it is still at the revision that its writer read; p_expected 0 where it must not exist.
-- One of the three answers is not null: the revision written, the revision found instead, or the host that another tenant has.
CREATE FUNCTION drizzle.write_document(
  p_scope text, p_expected bigint, p_body jsonb, p_hosts text[], p_actor text, p_address text, p_reason text, p_at timestamptz,
  OUT written bigint, OUT actual bigint, OUT taken text)
LANGUAGE plpgsql SET search_path = drizzle, pg_temp AS $$
DECLARE found_revision bigint;
BEGIN
  PERFORM 1 FROM lineage FOR UPDATE;
  SELECT d.revision INTO found_revision FROM documents d WHERE d.scope = p_scope AND d.body IS NOT NULL;
  IF coalesce(found_revision, 0) <> p_expected THEN
    actual := coalesce(found_revision, 0);
    RETURN;
  END IF;
  SELECT h.host INTO taken FROM hosts h WHERE h.host = ANY (p_hosts) AND h.scope <> p_scope ORDER BY array_position(p_hosts, h.host) LIMIT 1;
  IF taken IS NOT NULL THEN
    RETURN;
  END IF;
  UPDATE lineage SET revision = lineage.revision + 1 RETURNING lineage.revision INTO written;
  INSERT INTO revisions (revision, scope, body, actor, address, reason, at)
    VALUES (written, p_scope, p_body, p_actor, p_address, p_reason, coalesce(p_at, clock_timestamp()));
  INSERT INTO documents (scope, revision, body) VALUES (p_scope, written, p_body)
    ON CONFLICT (scope) DO UPDATE SET revision = excluded.revision, body = excluded.body;
  DELETE FROM hosts h WHERE h.scope = p_scope;
  INSERT INTO hosts (host, scope) SELECT h, p_scope FROM unnest(p_hosts) h;
  IF p_body IS NULL THEN
    DELETE FROM tokens t WHERE t.scope = p_scope;
  END IF;
  PERFORM pg_notify('drizzle_config', written::text);
END $$;
