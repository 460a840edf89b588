-- Two roles without login, to be granted to the logins of edges and of the admin: each may do what it is for and nothing else. Roles belong to
-- the whole cluster, so another database may have made them; where this login may not make roles, its operator has to, before this runs.
DO $$
DECLARE v_role text;
BEGIN
  FOREACH v_role IN ARRAY ARRAY['drizzle_edge', 'drizzle_admin'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = v_role) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', v_role);
      END IF;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN RAISE WARNING 'drizzle: the role % was not made, because this login may not make any', v_role;
    END;
  END LOOP;
END $$;

-- Keeps a token, unless its name is taken or its tenant is not there. The tenant's row is held, so that a deletion of the tenant comes before,
-- or after and takes the token with it.
CREATE FUNCTION drizzle.add_token(p_scope text, p_name text, p_hash text, p_role text, p_created_at timestamptz, p_expires_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path = drizzle, pg_temp AS $$
BEGIN
  PERFORM 1 FROM documents d WHERE d.scope = p_scope AND d.body IS NOT NULL FOR SHARE;
  IF NOT FOUND AND p_scope <> '' THEN
    RETURN false;
  END IF;
  INSERT INTO tokens (scope, name, hash, role, created_at, expires_at) VALUES (p_scope, p_name, p_hash, p_role, p_created_at, p_expires_at)
    ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

CREATE FUNCTION drizzle.forget_edge(p_id text) RETURNS boolean
LANGUAGE plpgsql SET search_path = drizzle, pg_temp AS $$
BEGIN
  DELETE FROM edges e WHERE e.id = p_id;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM pg_notify('drizzle_edges', p_id);
  RETURN true;
END $$;

-- What these functions do is all that may be done: they run with the rights of the schema's owner.
ALTER FUNCTION drizzle.write_document(text, bigint, jsonb, text[], text, text, text, timestamptz) SECURITY DEFINER;
ALTER FUNCTION drizzle.report_edge(text, jsonb, timestamptz) SECURITY DEFINER;
ALTER FUNCTION drizzle.forget_edge(text) SECURITY DEFINER;
ALTER FUNCTION drizzle.add_token(text, text, text, text, timestamptz, timestamptz) SECURITY DEFINER;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA drizzle FROM PUBLIC;

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'drizzle_edge') THEN
    GRANT USAGE ON SCHEMA drizzle TO drizzle_edge;
    GRANT SELECT ON drizzle.position, drizzle.documents TO drizzle_edge;
    GRANT EXECUTE ON FUNCTION drizzle.report_edge, drizzle.forget_edge TO drizzle_edge;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'drizzle_admin') THEN
    GRANT USAGE ON SCHEMA drizzle TO drizzle_admin;
    GRANT SELECT ON drizzle.migrations, drizzle.position, drizzle.documents, drizzle.revisions, drizzle.edges TO drizzle_admin;
    GRANT DELETE ON drizzle.revisions TO drizzle_admin;
    GRANT SELECT, DELETE, UPDATE (last_used_at) ON drizzle.tokens TO drizzle_admin;
    GRANT EXECUTE ON FUNCTION drizzle.write_document, drizzle.add_token, drizzle.forget_edge TO drizzle_admin;
  END IF;
END $$;
