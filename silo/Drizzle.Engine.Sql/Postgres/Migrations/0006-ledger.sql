-- Quotas: what QuotaArithmetic of the contracts does. id: a digest of quota, subject and window. window_start, ends_at: seconds since 1970. reserved: what
-- edges have, spent or not. alerted: the hundredths of the amount that an event has told of.
CREATE TABLE drizzle.quotas (
  id bytea PRIMARY KEY, quota text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL, window_start bigint NOT NULL, ends_at bigint NOT NULL, amount bigint NOT NULL,
  revision bigint NOT NULL, extra bigint NOT NULL DEFAULT 0, reserved bigint NOT NULL DEFAULT 0, spent bigint NOT NULL DEFAULT 0, alerted int NOT NULL DEFAULT 0) WITH (fillfactor = 70);
CREATE INDEX quotas_by_name ON drizzle.quotas (quota);
-- What each life of an edge has of a count, or a part of one.
CREATE TABLE drizzle.quota_parts (
  id bytea NOT NULL REFERENCES drizzle.quotas ON DELETE CASCADE, holder text NOT NULL, sequence bigint NOT NULL, reserved bigint NOT NULL, spent bigint NOT NULL,
  PRIMARY KEY (id, holder)) WITH (fillfactor = 70);

CREATE TABLE drizzle.events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL, scope text COLLATE "C" NOT NULL, kind text NOT NULL, object text NOT NULL, subject text NOT NULL,
  detail text NOT NULL);
CREATE INDEX events_by_scope ON drizzle.events (scope, id);

CREATE TABLE drizzle.usage (
  tenant text COLLATE "C" NOT NULL, day date NOT NULL, consumer text COLLATE "C" NOT NULL, service text COLLATE "C" NOT NULL, route text COLLATE "C" NOT NULL,
  requests bigint NOT NULL, refused bigint NOT NULL, errors bigint NOT NULL, bytes_in bigint NOT NULL, bytes_out bigint NOT NULL, upstream_us bigint NOT NULL,
  PRIMARY KEY (tenant, day, consumer, service, route)) WITH (fillfactor = 70);
CREATE TABLE drizzle.usage_batches (id uuid PRIMARY KEY, edge text NOT NULL, at timestamptz NOT NULL);
CREATE INDEX usage_batches_by_time ON drizzle.usage_batches (at);

-- For a batch of counts. Those of batches that meet are taken in the order of their ids.
CREATE FUNCTION drizzle.reserve_quotas(
  p_holders text[], p_at timestamptz, p_ids bytea[], p_quotas text[], p_subjects text[], p_windows bigint[], p_ends bigint[], p_amounts bigint[], p_revisions bigint[],
  p_sequences bigint[], p_kept bigint[], p_spent bigint[], p_needs bigint[], p_wants bigint[], OUT granted bigint[], OUT lefts bigint[], OUT edges int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = drizzle, pg_temp AS $$
DECLARE
  v record;
  q quotas;
  h quota_parts;
  v_left bigint;
  v_granted bigint;
  v_percent int;
BEGIN
  IF (SELECT count(DISTINCT i) FROM unnest(p_ids) i) <> cardinality(p_ids) THEN
    RAISE EXCEPTION 'a count is named twice in one batch' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT greatest(1, count(*)) INTO reserve_quotas.edges FROM edges e WHERE e.seen_at > clock_timestamp() - interval '15 seconds';
  granted := array_fill(0::bigint, ARRAY[cardinality(p_ids)]);
  lefts := granted;
  FOR v IN
    SELECT * FROM unnest(p_holders, p_ids, p_quotas, p_subjects, p_windows, p_ends, p_amounts, p_revisions, p_sequences, p_kept, p_spent, p_needs, p_wants) WITH ORDINALITY
      a (holder, id, quota, subject, window_start, ends_at, amount, revision, sequence, kept, spent, need, want, i)
    ORDER BY a.id
  LOOP
    -- What comes of a tenant that was deleted meanwhile is nobody's.
    CONTINUE WHEN NOT EXISTS (SELECT 1 FROM documents d WHERE d.scope = split_part(v.quota, '/', 1) AND d.body IS NOT NULL);
    SELECT * INTO q FROM quotas c WHERE c.id = v.id FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO quotas (id, quota, subject, window_start, ends_at, amount, revision) VALUES (v.id, v.quota, v.subject, v.window_start, v.ends_at, v.amount, v.revision) ON CONFLICT DO NOTHING;
      SELECT * INTO q FROM quotas c WHERE c.id = v.id FOR UPDATE;
    END IF;
    IF v.revision > q.revision THEN
      q.amount := v.amount;
      q.revision := v.revision;
    END IF;
    SELECT * INTO h FROM quota_parts p WHERE p.id = v.id AND p.holder = v.holder;
    v_granted := 0;
    IF v.sequence > coalesce(h.sequence, 0) THEN
      q.reserved := q.reserved + v.kept - coalesce(h.reserved, 0);
      q.spent := q.spent + v.spent - coalesce(h.spent, 0);
      v_left := q.amount + q.extra - q.reserved;
      IF v.need > 0 AND v_left >= v.need THEN
        v_granted := 1 + (SELECT count(*) FROM quota_parts p WHERE p.id = v.id AND p.holder <> v.holder AND p.reserved > p.spent);
        v_granted := greatest(v.need, least(v.want, (v_left + v_granted - 1) / v_granted));
        q.reserved := q.reserved + v_granted;
      END IF;
      INSERT INTO quota_parts (id, holder, sequence, reserved, spent) VALUES (v.id, v.holder, v.sequence, v.kept + v_granted, v.spent)
        ON CONFLICT (id, holder) DO UPDATE SET sequence = excluded.sequence, reserved = excluded.reserved, spent = excluded.spent;
    END IF;
    FOREACH v_percent IN ARRAY ARRAY[80, 100] LOOP
      IF q.spent::numeric * 100 >= (q.amount::numeric + q.extra) * v_percent AND q.alerted < v_percent THEN
        INSERT INTO events (at, scope, kind, object, subject, detail) VALUES (
          coalesce(p_at, clock_timestamp()), split_part(q.quota, '/', 1), CASE v_percent WHEN 80 THEN 'quota.warning' ELSE 'quota.exhausted' END, q.quota, q.subject,
          format('%s of %s are used.', q.spent, q.amount + q.extra));
        q.alerted := v_percent;
      END IF;
    END LOOP;
    UPDATE quotas c SET amount = q.amount, revision = q.revision, reserved = q.reserved, spent = q.spent, alerted = q.alerted WHERE c.id = v.id;
    granted[v.i] := v_granted;
    lefts[v.i] := q.amount + q.extra - q.reserved;
  END LOOP;
END $$;

-- p_extra: null for as much as makes the whole amount free again.
CREATE FUNCTION drizzle.grant_quota(p_id bytea, p_extra bigint, p_at timestamptz, p_scope text, p_actor text, p_address text, p_action text, p_subject text, p_reason text)
RETURNS SETOF drizzle.quotas
LANGUAGE plpgsql SECURITY DEFINER SET search_path = drizzle, pg_temp AS $$
DECLARE q quotas;
BEGIN
  UPDATE quotas c SET extra = CASE WHEN p_extra IS NULL THEN greatest(c.extra, c.spent) ELSE c.extra + p_extra END, alerted = 0 WHERE c.id = p_id RETURNING * INTO q;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  INSERT INTO audit (at, scope, actor, address, action, subject, reason) VALUES (coalesce(p_at, clock_timestamp()), p_scope, p_actor, p_address, p_action, p_subject, p_reason);
  RETURN NEXT q;
END $$;

CREATE FUNCTION drizzle.add_usage(
  p_batch uuid, p_edge text, p_at timestamptz, p_tenants text[], p_days date[], p_consumers text[], p_services text[], p_routes text[], p_requests bigint[], p_refused bigint[],
  p_errors bigint[], p_in bigint[], p_out bigint[], p_upstream bigint[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = drizzle, pg_temp AS $$
BEGIN
  INSERT INTO usage_batches (id, edge, at) VALUES (p_batch, p_edge, coalesce(p_at, clock_timestamp())) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  -- What comes of a tenant that was deleted meanwhile is nobody's.
  INSERT INTO usage AS u (tenant, day, consumer, service, route, requests, refused, errors, bytes_in, bytes_out, upstream_us)
    SELECT a.* FROM unnest(p_tenants, p_days, p_consumers, p_services, p_routes, p_requests, p_refused, p_errors, p_in, p_out, p_upstream)
      a (tenant, day, consumer, service, route, requests, refused, errors, bytes_in, bytes_out, upstream_us)
    WHERE EXISTS (SELECT 1 FROM documents d WHERE d.scope = a.tenant AND d.body IS NOT NULL)
    ORDER BY a.tenant, a.day, a.consumer COLLATE "C", a.service COLLATE "C", a.route COLLATE "C"
    ON CONFLICT (tenant, day, consumer, service, route) DO UPDATE SET
      requests = u.requests + excluded.requests, refused = u.refused + excluded.refused, errors = u.errors + excluded.errors, bytes_in = least(u.bytes_in + excluded.bytes_in, 4000000000000000000),
      bytes_out = least(u.bytes_out + excluded.bytes_out, 4000000000000000000), upstream_us = u.upstream_us + excluded.upstream_us;
  RETURN true;
END $$;

-- A tenant that is deleted takes what was counted of it along, so that the next of its name does not see it.
CREATE FUNCTION drizzle.forget_tenant() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = drizzle, pg_temp AS $$
BEGIN
  -- As reservations do, so that the two wait for each other and never in a circle.
  PERFORM 1 FROM quotas q WHERE q.quota LIKE NEW.scope || '/%' ORDER BY q.id FOR UPDATE;
  DELETE FROM quotas q WHERE q.quota LIKE NEW.scope || '/%';
  DELETE FROM events e WHERE e.scope = NEW.scope;
  DELETE FROM usage u WHERE u.tenant = NEW.scope;
  RETURN NULL;
END $$;
CREATE TRIGGER forgets_tenant AFTER UPDATE ON drizzle.documents FOR EACH ROW WHEN (NEW.body IS NULL AND OLD.body IS NOT NULL) EXECUTE FUNCTION drizzle.forget_tenant();

REVOKE ALL ON FUNCTION drizzle.reserve_quotas, drizzle.grant_quota, drizzle.add_usage, drizzle.forget_tenant FROM PUBLIC;

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'drizzle_edge') THEN
    GRANT EXECUTE ON FUNCTION drizzle.reserve_quotas, drizzle.add_usage TO drizzle_edge;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'drizzle_admin') THEN
    GRANT SELECT, DELETE ON drizzle.quotas, drizzle.quota_parts, drizzle.events, drizzle.usage, drizzle.usage_batches TO drizzle_admin;
    GRANT EXECUTE ON FUNCTION drizzle.grant_quota TO drizzle_admin;
  END IF;
END $$;

-- Refusals of buckets, in parts of ten seconds, for people to look at.
CREATE UNLOGGED TABLE drizzle.bucket_refusals (id bytea NOT NULL, part bigint NOT NULL, refused bigint NOT NULL, PRIMARY KEY (id, part));

CREATE FUNCTION drizzle.note_refusals(p_now bigint, p_ids bytea[], p_refused bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = drizzle, pg_temp AS $$
DECLARE v_part bigint := coalesce(p_now, (extract(epoch FROM clock_timestamp()) * 1000000000)::bigint) / 10000000000;
BEGIN
  DELETE FROM bucket_refusals r WHERE (r.id, r.part) IN (SELECT o.id, o.part FROM bucket_refusals o WHERE o.part < v_part - 6 ORDER BY o.id, o.part LIMIT 1000 FOR UPDATE SKIP LOCKED);
  INSERT INTO bucket_refusals AS r (id, part, refused) SELECT a.id, v_part, a.refused FROM unnest(p_ids, p_refused) a (id, refused) ORDER BY a.id
    ON CONFLICT (id, part) DO UPDATE SET refused = r.refused + excluded.refused;
END $$;

-- What a bucket may have beside what edges hold of it: nanoseconds of refill. p_grants: as in the table of buckets.
CREATE FUNCTION drizzle.room_of(p_grants bigint[], p_burst bigint, p_interval bigint, p_now bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = drizzle, pg_temp AS $$
  SELECT greatest(0, p_burst - coalesce(sum(p_grants[i + 3]), 0)::bigint) * p_interval
  FROM generate_series(1, cardinality(p_grants), 5) i WHERE p_grants[i + 4] > p_now
$$;

-- p_tokens: null for as many as fit.
CREATE FUNCTION drizzle.fill_bucket(p_id bytea, p_tokens bigint, p_now bigint, p_at timestamptz, p_scope text, p_actor text, p_address text, p_action text, p_subject text, p_reason text)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = drizzle, pg_temp AS $$
DECLARE
  v_now bigint := coalesce(p_now, (extract(epoch FROM clock_timestamp()) * 1000000000)::bigint);
  b buckets;
  v_room bigint;
BEGIN
  SELECT * INTO b FROM buckets c WHERE c.id = p_id FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  v_room := room_of(b.grants, b.burst, b.interval_ns, v_now);
  b.credit := least(b.credit + greatest(0, v_now - b.at), v_room);
  -- A bucket that another owner may have granted from, whose state is lost, stays empty until that is settled.
  IF b.at <= v_now THEN
    b.credit := CASE WHEN p_tokens IS NULL OR p_tokens >= b.burst THEN v_room ELSE least(b.credit + p_tokens * b.interval_ns, v_room) END;
  END IF;
  UPDATE buckets c SET credit = b.credit, at = greatest(b.at, v_now) WHERE c.id = p_id AND c.is_slow = b.is_slow;
  INSERT INTO audit (at, scope, actor, address, action, subject, reason) VALUES (coalesce(p_at, clock_timestamp()), p_scope, p_actor, p_address, p_action, p_subject, p_reason);
  RETURN b.credit / b.interval_ns;
END $$;

REVOKE ALL ON FUNCTION drizzle.note_refusals, drizzle.room_of, drizzle.fill_bucket FROM PUBLIC;

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'drizzle_edge') THEN
    GRANT EXECUTE ON FUNCTION drizzle.note_refusals TO drizzle_edge;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'drizzle_admin') THEN
    GRANT SELECT ON drizzle.bucket_refusals TO drizzle_admin;
    GRANT EXECUTE ON FUNCTION drizzle.room_of, drizzle.fill_bucket TO drizzle_admin;
  END IF;
END $$;
