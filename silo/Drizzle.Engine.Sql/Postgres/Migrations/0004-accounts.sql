-- scope: a tenant's slug, or '' for the platform.
CREATE TABLE drizzle.users (
  scope text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, role text NOT NULL, password_hash text NOT NULL, stamp text NOT NULL, created_at timestamptz NOT NULL,
  last_login_at timestamptz, PRIMARY KEY (scope, name));
CREATE TABLE drizzle.sessions (
  hash text PRIMARY KEY, scope text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, stamp text NOT NULL, created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL, FOREIGN KEY (scope, name) REFERENCES drizzle.users ON DELETE CASCADE);
CREATE INDEX sessions_by_user ON drizzle.sessions (scope, name);

-- Attempts at logging in that still count; the audit keeps those that were refused.
CREATE TABLE drizzle.attempts (subject text NOT NULL, origin text NOT NULL, at timestamptz NOT NULL);
CREATE INDEX attempts_by_time ON drizzle.attempts (at);

CREATE TABLE drizzle.audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL, scope text COLLATE "C" NOT NULL, actor text NOT NULL, address text,
  action text NOT NULL, subject text, revision bigint, reason text);
CREATE INDEX audit_by_scope ON drizzle.audit (scope, id);

CREATE FUNCTION drizzle.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON drizzle.audit EXECUTE FUNCTION drizzle.refuse_rewriting();
-- What was superseded long ago may be forgotten, and nothing rewritten.
CREATE TRIGGER not_rewritten BEFORE UPDATE ON drizzle.revisions EXECUTE FUNCTION drizzle.refuse_rewriting();

-- As before, and audited.
CREATE OR REPLACE FUNCTION drizzle.write_document(
  p_scope text, p_expected bigint, p_body jsonb, p_hosts text[], p_actor text, p_address text, p_reason text, p_at timestamptz,
  OUT written bigint, OUT actual bigint, OUT taken text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = drizzle, pg_temp AS $$
DECLARE
  v_found bigint;
  v_now timestamptz;
BEGIN
  PERFORM 1 FROM lineage FOR UPDATE;
  SELECT d.revision INTO v_found FROM documents d WHERE d.scope = p_scope AND d.body IS NOT NULL;
  IF coalesce(v_found, 0) <> p_expected THEN
    actual := coalesce(v_found, 0);
    RETURN;
  END IF;
  SELECT h.host INTO taken FROM hosts h WHERE h.host = ANY (p_hosts) AND h.scope <> p_scope ORDER BY array_position(p_hosts, h.host) LIMIT 1;
  IF taken IS NOT NULL THEN
    RETURN;
  END IF;
  v_now := coalesce(p_at, clock_timestamp());
  UPDATE lineage SET revision = lineage.revision + 1 RETURNING lineage.revision INTO written;
  INSERT INTO revisions (revision, scope, body, actor, address, reason, at) VALUES (written, p_scope, p_body, p_actor, p_address, p_reason, v_now);
  INSERT INTO documents (scope, revision, body) VALUES (p_scope, written, p_body)
    ON CONFLICT (scope) DO UPDATE SET revision = excluded.revision, body = excluded.body;
  DELETE FROM hosts h WHERE h.scope = p_scope;
  INSERT INTO hosts (host, scope) SELECT h, p_scope FROM unnest(p_hosts) h;
  IF p_body IS NULL THEN
    DELETE FROM tokens t WHERE t.scope = p_scope;
    DELETE FROM users u WHERE u.scope = p_scope;
  END IF;
  INSERT INTO audit (at, scope, actor, address, action, revision, reason) VALUES (
    v_now, p_scope, p_actor, p_address,
    CASE WHEN p_scope = '' THEN 'platform.changed' WHEN p_body IS NULL THEN 'tenant.deleted' WHEN v_found IS NULL THEN 'tenant.created' ELSE 'tenant.changed' END,
    written, p_reason);
  PERFORM pg_notify('drizzle_config', written::text);
END $$;

-- Whether a token or a user may be added in this scope. The tenant's row is held, so that a deletion of the tenant comes before, or after and takes
-- what was added with it.
CREATE FUNCTION drizzle.hold_scope(p_scope text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = drizzle, pg_temp AS $$
BEGIN
  PERFORM 1 FROM documents d WHERE d.scope = p_scope AND d.body IS NOT NULL FOR SHARE;
  RETURN FOUND OR p_scope = '';
END $$;

-- Forgets what was superseded before a time, and never what holds.
CREATE FUNCTION drizzle.forget_revisions(p_before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = drizzle, pg_temp AS $$
DECLARE v_forgotten bigint;
BEGIN
  DELETE FROM revisions r WHERE EXISTS (SELECT 1 FROM revisions n WHERE n.scope = r.scope AND n.revision > r.revision AND n.at < p_before);
  GET DIAGNOSTICS v_forgotten = ROW_COUNT;
  RETURN v_forgotten;
END $$;

-- Counts an attempt unless there were too many; those that come together take turns.
CREATE FUNCTION drizzle.try_attempt(p_subject text, p_origin text, p_at timestamptz, p_since timestamptz, p_both int, p_subjects int, p_origins int) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = drizzle, pg_temp AS $$
BEGIN
  LOCK TABLE attempts IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM attempts a WHERE a.at <= p_since;
  INSERT INTO attempts (subject, origin, at) SELECT p_subject, p_origin, p_at FROM (
    SELECT count(*) FILTER (WHERE a.subject = p_subject AND a.origin = p_origin) AS both_, count(*) FILTER (WHERE a.subject = p_subject) AS subjects, count(*) FILTER (WHERE a.origin = p_origin) AS origins
    FROM attempts a) c
  WHERE c.both_ < p_both AND c.subjects < p_subjects AND c.origins < p_origins;
  RETURN FOUND;
END $$;

DROP FUNCTION drizzle.add_token(text, text, text, text, timestamptz, timestamptz);
REVOKE ALL ON FUNCTION drizzle.refuse_rewriting, drizzle.hold_scope, drizzle.forget_revisions, drizzle.try_attempt FROM PUBLIC;

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'drizzle_admin') THEN
    GRANT SELECT ON drizzle.hosts TO drizzle_admin;
    GRANT INSERT ON drizzle.tokens TO drizzle_admin;
    GRANT SELECT, INSERT, DELETE, UPDATE (role, password_hash, stamp, last_login_at) ON drizzle.users TO drizzle_admin;
    GRANT SELECT, INSERT, DELETE, UPDATE (last_used_at) ON drizzle.sessions TO drizzle_admin;
    GRANT SELECT, DELETE ON drizzle.attempts TO drizzle_admin;
    REVOKE DELETE ON drizzle.revisions FROM drizzle_admin;
    GRANT SELECT, INSERT ON drizzle.audit TO drizzle_admin;
    GRANT EXECUTE ON FUNCTION drizzle.hold_scope, drizzle.forget_revisions, drizzle.try_attempt TO drizzle_admin;
  END IF;
END $$;
