-- A shard goes over from a silo that lives to its successor without a moment in which it is nobody's: the successor claims the row, and names in it whom it goes
-- on from. That one leases from the shard until it is asked for it; then the successor has it, and clears these two.
ALTER TABLE drizzle.bucket_shards ADD COLUMN previous_owner text, ADD COLUMN previous_epoch bigint;

-- Whether nobody has declared a silo dead.
CREATE FUNCTION drizzle.is_member(p_deployment text, p_silo text) RETURNS boolean
LANGUAGE sql SET search_path = drizzle, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM OrleansMembershipTable m WHERE m.DeploymentId = p_deployment AND m.Address || ':' || m.Port || '@' || m.Generation = p_silo AND m.Status <> 6)
$$;

DROP FUNCTION drizzle.claim_shard;

-- p_seen: the epoch of the row that the silo knows of; where it has another, nothing is claimed, and epoch says which: so a claim that comes after a later one, and
-- for whose answer nobody waits any more, changes nothing. p_not_held: an epoch that its silo says it does not hold, and never will. rival: who has claimed it before, and has not
-- said yet that it has what its predecessor had; nothing is claimed then either. from_owner: who has it still, and is to be asked for it. is_lost: what there was
-- is unknown.
CREATE FUNCTION drizzle.claim_shard(
  p_shard int, p_owner text, p_deployment text, p_seen bigint, p_not_held bigint,
  OUT epoch bigint, OUT is_claimed boolean, OUT rival text, OUT from_owner text, OUT from_epoch bigint, OUT is_lost boolean, OUT state bytea)
LANGUAGE plpgsql SET search_path = drizzle, pg_temp AS $$
DECLARE s bucket_shards;
BEGIN
  -- One that was stopped and wakes would take from the living what it may not grant from.
  IF NOT is_member(p_deployment, p_owner) THEN
    RAISE EXCEPTION 'the silo % is no member of the cluster %', p_owner, p_deployment;
  END IF;
  INSERT INTO bucket_shards (shard) VALUES (p_shard) ON CONFLICT DO NOTHING;
  SELECT * INTO s FROM bucket_shards b WHERE b.shard = p_shard FOR UPDATE;
  epoch := s.epoch;
  is_claimed := false;
  IF s.epoch <> p_seen THEN
    RETURN;
  END IF;
  IF s.previous_owner IS NOT NULL AND s.owner <> p_owner AND s.epoch <> p_not_held AND is_member(p_deployment, s.owner) THEN
    rival := s.owner;
    RETURN;
  END IF;
  from_owner := coalesce(s.previous_owner, s.owner);
  from_epoch := coalesce(s.previous_epoch, s.epoch);
  state := s.state;
  is_claimed := true;
  is_lost := from_owner IS NOT NULL AND (from_owner = p_owner OR from_epoch = p_not_held OR NOT is_member(p_deployment, from_owner));
  IF from_owner IS NULL OR is_lost THEN
    from_owner := NULL;
    from_epoch := NULL;
  END IF;
  UPDATE bucket_shards b SET owner = p_owner, epoch = nextval('grant_numbers'), previous_owner = from_owner, previous_epoch = from_epoch, state = NULL
    WHERE b.shard = p_shard RETURNING b.epoch INTO claim_shard.epoch;
END $$;

REVOKE ALL ON FUNCTION drizzle.is_member, drizzle.claim_shard FROM PUBLIC;
