-- The owner of the token buckets: what LeasedBucket of the contracts does, for a batch of buckets in one call. Times are nanoseconds since 1970.
--
-- credit: nanoseconds of refill that are here; the level is credit / interval_ns. at: up to when it is refilled; in the future where the bucket begins to
-- fill then. grants: what edges hold, five numbers each: the grant, a hash of the edge, its tokens, those of them still outstanding, and from when on
-- the edge can use it no more. A bucket that fills within ten seconds is not worth a flushed log; one that takes longer must not begin empty after a crash.
CREATE TABLE drizzle.buckets (
  id bytea NOT NULL, is_slow boolean NOT NULL, name text NOT NULL, subject text NOT NULL, revision bigint NOT NULL, interval_ns bigint NOT NULL,
  burst bigint NOT NULL, credit bigint NOT NULL, at bigint NOT NULL, grants bigint[] NOT NULL) PARTITION BY LIST (is_slow);
-- Keys and indexes are each part's own: pg_restore --clean cannot drop those that are inherited.
CREATE UNLOGGED TABLE drizzle.buckets_fast PARTITION OF drizzle.buckets (PRIMARY KEY (id)) FOR VALUES IN (false) WITH (fillfactor = 60);
CREATE TABLE drizzle.buckets_slow PARTITION OF drizzle.buckets (PRIMARY KEY (id)) FOR VALUES IN (true) WITH (fillfactor = 60);
CREATE INDEX buckets_fast_by_name ON drizzle.buckets_fast (name);
CREATE INDEX buckets_slow_by_name ON drizzle.buckets_slow (name);

-- One row, which a crash takes with the unlogged buckets, so that their loss is seen. lineage: of which history of the database this is.
-- fast_lost_at, slow_lost_at: when an owner whose buckets are gone may have granted last; null where there was none.
CREATE UNLOGGED TABLE drizzle.bucket_owner (only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), epoch bigint NOT NULL, lineage text NOT NULL, fast_lost_at bigint, slow_lost_at bigint);
-- What a crash does not take: of which lineage the buckets were last.
CREATE TABLE drizzle.bucket_lives (only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), lineage text NOT NULL);
CREATE SEQUENCE drizzle.grant_numbers CACHE 1;

-- A new owner's life: after a crash, a restored backup, or at the very first.
CREATE FUNCTION drizzle.begin_buckets(p_now bigint, p_lineage text) RETURNS void
LANGUAGE plpgsql SET search_path = drizzle, pg_temp AS $$
DECLARE v_last text;
BEGIN
  LOCK TABLE bucket_owner IN EXCLUSIVE MODE;
  IF EXISTS (SELECT 1 FROM bucket_owner o WHERE o.lineage = p_lineage) THEN
    RETURN;
  END IF;
  SELECT l.lineage INTO v_last FROM bucket_lives l;
  DELETE FROM buckets_fast;
  IF v_last IS DISTINCT FROM p_lineage THEN
    DELETE FROM buckets_slow;
  END IF;
  INSERT INTO bucket_owner (epoch, lineage, fast_lost_at, slow_lost_at)
    VALUES (nextval('grant_numbers'), p_lineage, CASE WHEN v_last IS NOT NULL THEN p_now END, CASE WHEN v_last IS NOT NULL AND v_last <> p_lineage THEN p_now END)
    ON CONFLICT (only_one) DO UPDATE SET epoch = excluded.epoch, lineage = excluded.lineage, fast_lost_at = excluded.fast_lost_at, slow_lost_at = excluded.slow_lost_at;
  INSERT INTO bucket_lives (lineage) VALUES (p_lineage) ON CONFLICT (only_one) DO UPDATE SET lineage = excluded.lineage;
END $$;

-- p_reclaim: for how long a grant counts as usable. p_needs: 0 where only reports are brought. p_reports: how many of the reports, which stand in the order
-- of the buckets, are of this one and those before it.
CREATE FUNCTION drizzle.lease(
  p_edge text, p_now bigint, p_reclaim bigint,
  p_ids bytea[], p_names text[], p_subjects text[], p_revisions bigint[], p_intervals bigint[], p_bursts bigint[], p_needs bigint[], p_wants bigint[],
  p_reports int[], p_numbers bigint[], p_spent bigint[], p_final boolean[],
  OUT epoch bigint, OUT grant_numbers bigint[], OUT granted bigint[], OUT levels bigint[], OUT retries bigint[], OUT edges int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = drizzle, pg_temp AS $$
DECLARE
  v_now bigint := coalesce(p_now, (extract(epoch FROM clock_timestamp()) * 1000000000)::bigint);
  v_edge bigint := hashtextextended(p_edge, 0);
  v_number bigint := nextval('grant_numbers') * 4096;
  v_lineage text;
  v_fast_lost bigint;
  v_slow_lost bigint;
  v record;
  g bigint[];
  v_out bigint;
  v_room bigint;
  v_level bigint;
  v_share bigint;
  v_left bigint;
  v_tokens bigint;
  v_next int;
  j int;
  k int;
  v_seen bytea[] := '{}';
  v_made bytea[] := '{}';
  v_last int := 0;
  u_places tid[] := '{}'; u_slow boolean[] := '{}'; u_credits bigint[] := '{}'; u_ats bigint[] := '{}'; u_grants bigint[] := '{}'; u_ends int[] := '{}';
BEGIN
  SELECT p.epoch INTO v_lineage FROM position p;
  SELECT o.epoch, o.fast_lost_at, o.slow_lost_at INTO lease.epoch, v_fast_lost, v_slow_lost FROM bucket_owner o WHERE o.lineage = v_lineage;
  IF NOT FOUND THEN
    PERFORM begin_buckets(v_now, v_lineage);
    SELECT o.epoch, o.fast_lost_at, o.slow_lost_at INTO lease.epoch, v_fast_lost, v_slow_lost FROM bucket_owner o;
  END IF;
  SELECT greatest(1, count(*)) INTO lease.edges FROM edges e WHERE e.seen_at > clock_timestamp() - interval '15 seconds';
  grant_numbers := array_fill(0::bigint, ARRAY[cardinality(p_ids)]);
  granted := grant_numbers; levels := grant_numbers; retries := grant_numbers;

  -- First those that are there, then those that had to be made. Locked in the order of their ids, so that batches that meet wait for each other and never in
  -- a circle; for those that it has just made itself a batch waits for nobody.
  FOR v_pass IN 1 .. 2 LOOP
    FOR v IN
      SELECT b.id, b.is_slow, b.revision, b.interval_ns, b.burst, b.credit, b.at, b.grants, b.ctid AS place, a.i::int AS i, a.revision AS asked_revision, a.interval_ns AS asked_interval, a.burst AS asked_burst, a.need, a.want
      FROM unnest(p_ids, p_revisions, p_intervals, p_bursts, p_needs, p_wants) WITH ORDINALITY a (id, revision, interval_ns, burst, need, want, i) JOIN buckets b ON b.id = a.id
      WHERE v_pass = 1 OR a.id = ANY (v_made)
      ORDER BY b.id, b.is_slow FOR UPDATE OF b
    LOOP
      IF v.id = v_seen[cardinality(v_seen)] THEN
        -- It is in both parts where two batches made it at once, by rules of which one was slow.
        CONTINUE WHEN v.i = v_last;
        RAISE EXCEPTION 'a bucket is named twice in one batch' USING ERRCODE = 'invalid_parameter_value';
      END IF;
      v_last := v.i;
      g := v.grants;
      v_out := 0;
      FOR j IN 0 .. cardinality(g) / 5 - 1 LOOP v_out := v_out + g[j * 5 + 4]; END LOOP;

      -- Expired grants leave in the order in which they expire, each from then on.
      LOOP
        v_next := NULL;
        FOR j IN 0 .. cardinality(g) / 5 - 1 LOOP
          IF g[j * 5 + 5] <= v_now AND (v_next IS NULL OR g[j * 5 + 5] < g[v_next * 5 + 5]) THEN v_next := j; END IF;
        END LOOP;
        EXIT WHEN v_next IS NULL;
        IF g[v_next * 5 + 5] > v.at THEN
          v.credit := least(v.credit + (g[v_next * 5 + 5] - v.at), greatest(0, v.burst - v_out) * v.interval_ns);
          v.at := g[v_next * 5 + 5];
        END IF;
        v_out := v_out - g[v_next * 5 + 4];
        g := g[: v_next * 5] || g[v_next * 5 + 6 :];
      END LOOP;
      IF v_now > v.at THEN
        v.credit := least(v.credit + (v_now - v.at), greatest(0, v.burst - v_out) * v.interval_ns);
        v.at := v_now;
      END IF;

      -- Reports: what is not known here changes nothing.
      FOR k IN coalesce(p_reports[v.i - 1], 0) + 1 .. p_reports[v.i] LOOP
        FOR j IN 0 .. cardinality(g) / 5 - 1 LOOP
          CONTINUE WHEN g[j * 5 + 1] <> p_numbers[k];
          v_left := least(g[j * 5 + 4], g[j * 5 + 3] - least(greatest(p_spent[k], 0), g[j * 5 + 3]));
          v_out := v_out - (g[j * 5 + 4] - v_left);
          g[j * 5 + 4] := v_left;
          IF p_final[k] THEN
            v_out := v_out - v_left;
            v.credit := least(v.credit + v_left * v.interval_ns, greatest(0, v.burst - v_out) * v.interval_ns);
            g := g[: j * 5] || g[j * 5 + 6 :];
          END IF;
          EXIT;
        END LOOP;
      END LOOP;

      -- The rule of the highest revision that was seen.
      IF v.asked_revision > v.revision THEN
        IF (v.interval_ns, v.burst) <> (v.asked_interval, v.asked_burst) THEN
          v_level := v.credit / v.interval_ns;
          v.interval_ns := v.asked_interval;
          v.burst := v.asked_burst;
          v.credit := least(least(v_level, v.burst), greatest(0, v.burst - v_out)) * v.interval_ns;
        END IF;
        IF v.is_slow <> (v.interval_ns * v.burst > 10000000000) THEN
          -- Its twin, if two batches made it at once.
          DELETE FROM buckets b WHERE b.id = v.id AND b.is_slow <> v.is_slow;
        END IF;
        UPDATE buckets b SET revision = v.asked_revision, interval_ns = v.interval_ns, burst = v.burst, is_slow = v.interval_ns * v.burst > 10000000000
          WHERE b.ctid = v.place AND b.is_slow = v.is_slow RETURNING b.ctid, b.is_slow INTO v.place, v.is_slow;
      END IF;

      v_level := v.credit / v.interval_ns;
      IF v.need > v.burst THEN
        retries[v.i] := -1;
      ELSIF v.need > 0 AND v_level < v.need THEN
        retries[v.i] := greatest(v.need * v.interval_ns - v.credit + greatest(0, v.at - v_now), CASE WHEN v_out + v.need <= v.burst THEN 1 ELSE v.interval_ns END);
      ELSIF v.need > 0 THEN
        v_share := 1;
        FOR j IN 0 .. cardinality(g) / 5 - 1 LOOP
          IF g[j * 5 + 2] <> v_edge THEN
            v_next := j;
            FOR k IN 0 .. j - 1 LOOP
              IF g[k * 5 + 2] = g[j * 5 + 2] THEN v_next := NULL; END IF;
            END LOOP;
            IF v_next IS NOT NULL THEN v_share := v_share + 1; END IF;
          END IF;
        END LOOP;
        v_tokens := greatest(v.need, least(v.want, (v_level + v_share - 1) / v_share));
        v.credit := v.credit - v_tokens * v.interval_ns;
        g := g || ARRAY[v_number + v.i, v_edge, v_tokens, v_tokens, v_now + p_reclaim];
        v_level := v_level - v_tokens;
        grant_numbers[v.i] := v_number + v.i;
        granted[v.i] := v_tokens;
      END IF;
      -- One that begins to fill in the future is not there yet.
      levels[v.i] := CASE WHEN v.at > v_now THEN -1 ELSE v_level END;
      v_seen := v_seen || v.id;
      u_places := u_places || v.place; u_slow := u_slow || v.is_slow; u_credits := u_credits || v.credit; u_ats := u_ats || v.at; u_grants := u_grants || g;
      u_ends := u_ends || cardinality(u_grants);
    END LOOP;
    EXIT WHEN v_pass = 2 OR cardinality(v_seen) = cardinality(p_ids);

    -- A bucket that is not there is full, unless another owner may have granted from it.
    WITH made AS (
      INSERT INTO buckets (id, is_slow, name, subject, revision, interval_ns, burst, credit, at, grants)
        SELECT a.id, s.slow, a.name, a.subject, a.revision, a.interval_ns, a.burst, CASE WHEN s.lost IS NULL THEN a.interval_ns * a.burst ELSE 0 END,
          coalesce(s.lost + p_reclaim, v_now), '{}'
        FROM unnest(p_ids, p_names, p_subjects, p_revisions, p_intervals, p_bursts, p_needs) a (id, name, subject, revision, interval_ns, burst, need)
        CROSS JOIN LATERAL (SELECT x.slow, CASE WHEN x.slow THEN v_slow_lost ELSE v_fast_lost END AS lost FROM (SELECT a.interval_ns * a.burst > 10000000000 AS slow) x) s
        WHERE a.need > 0 AND a.id <> ALL (v_seen)
        ORDER BY a.id
        ON CONFLICT DO NOTHING
        RETURNING id)
    SELECT coalesce(array_agg(m.id), '{}') INTO v_made FROM made m;
    EXIT WHEN v_made = '{}';
  END LOOP;
  -- One that another batch was making at the same time is there now: it is to be asked for again.
  IF cardinality(v_seen) < cardinality(p_ids) THEN
    FOR j IN 1 .. cardinality(p_ids) LOOP
      IF p_needs[j] > 0 AND p_ids[j] <> ALL (v_seen) THEN retries[j] := 1; END IF;
    END LOOP;
  END IF;

  -- They are locked, so that they are where they were found.
  UPDATE buckets_fast b SET credit = u.credit, at = u.at, grants = u_grants[coalesce(u_ends[u.i - 1], 0) + 1 : u_ends[u.i]]
    FROM unnest(u_places, u_slow, u_credits, u_ats) WITH ORDINALITY u (place, slow, credit, at, i) WHERE b.ctid = u.place AND NOT u.slow;
  UPDATE buckets_slow b SET credit = u.credit, at = u.at, grants = u_grants[coalesce(u_ends[u.i - 1], 0) + 1 : u_ends[u.i]]
    FROM unnest(u_places, u_slow, u_credits, u_ats) WITH ORDINALITY u (place, slow, credit, at, i) WHERE b.ctid = u.place AND u.slow;
END $$;

-- Forgets buckets that are full by now and that nobody holds any of: to forget them is to forget nothing.
CREATE FUNCTION drizzle.forget_full_buckets(p_now bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = drizzle, pg_temp AS $$
DECLARE
  v_now bigint := coalesce(p_now, (extract(epoch FROM clock_timestamp()) * 1000000000)::bigint);
  v_forgotten bigint;
BEGIN
  -- A grant that nobody reports any more has expired with the last number of the list.
  DELETE FROM buckets b WHERE (b.id, b.is_slow) IN (
    SELECT c.id, c.is_slow FROM buckets c
    WHERE CASE WHEN c.grants = '{}' THEN c.at - c.credit ELSE greatest(c.at, c.grants[cardinality(c.grants)]) END + c.burst * c.interval_ns <= v_now
    ORDER BY c.id LIMIT 10000 FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS v_forgotten = ROW_COUNT;
  RETURN v_forgotten;
END $$;

REVOKE ALL ON FUNCTION drizzle.begin_buckets, drizzle.lease, drizzle.forget_full_buckets FROM PUBLIC;

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'drizzle_edge') THEN
    GRANT EXECUTE ON FUNCTION drizzle.lease, drizzle.forget_full_buckets TO drizzle_edge;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'drizzle_admin') THEN
    GRANT SELECT ON drizzle.buckets TO drizzle_admin;
  END IF;
END $$;
