-- applied_at: when it was first heard that the edge has applied what it has applied. disputed_at: when an edge that started earlier last said
-- that it has this id too.
ALTER TABLE drizzle.edges ADD COLUMN applied_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN disputed_at timestamptz;

-- Keeps what an edge says of itself and answers where the database is. Of two live edges with one id the one that started later is kept.
-- Whoever waits for receipts is told of news, and of news alone.
CREATE FUNCTION drizzle.report_edge(p_id text, p_report jsonb, p_at timestamptz, OUT epoch text, OUT revision bigint)
LANGUAGE plpgsql SET search_path = drizzle, pg_temp AS $$
DECLARE
  v_now timestamptz := coalesce(p_at, clock_timestamp());
  v_was edges;
BEGIN
  SELECT * INTO v_was FROM edges e WHERE e.id = p_id FOR UPDATE;
  IF v_was.id IS NOT NULL AND v_now - v_was.seen_at <= interval '15 seconds'
     AND (p_report ->> 'startedAt')::timestamptz < (v_was.report ->> 'startedAt')::timestamptz THEN
    UPDATE edges e SET disputed_at = v_now WHERE e.id = p_id;
  ELSE
    INSERT INTO edges AS e (id, report, seen_at, applied_at) VALUES (p_id, p_report, v_now, v_now)
    ON CONFLICT (id) DO UPDATE SET report = excluded.report, seen_at = excluded.seen_at,
      applied_at = CASE WHEN (e.report -> 'epoch', e.report -> 'revision') = (p_report -> 'epoch', p_report -> 'revision') THEN e.applied_at ELSE excluded.applied_at END;
  END IF;
  IF v_was.report IS DISTINCT FROM p_report THEN
    PERFORM pg_notify('drizzle_edges', p_id);
  END IF;
  DELETE FROM edges e WHERE e.seen_at < v_now - interval '30 days';
  SELECT p.epoch, p.revision INTO report_edge.epoch, report_edge.revision FROM position p;
END $$;
