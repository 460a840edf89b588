-- What Orleans' provider of membership in a SQL database wants: it reads its queries from a table, and knows them by name, by their parameters and by the
-- columns that they give. Each of ours is one statement, so that each is atomic; those that change something answer how many rows they changed.
CREATE TABLE drizzle.OrleansQuery (QueryKey text PRIMARY KEY, QueryText text NOT NULL);
CREATE TABLE drizzle.OrleansMembershipVersionTable (DeploymentId text PRIMARY KEY, Timestamp timestamptz(3) NOT NULL DEFAULT now(), Version int NOT NULL DEFAULT 0);
-- Status: 3 is active, 6 is dead.
CREATE TABLE drizzle.OrleansMembershipTable (
  DeploymentId text NOT NULL REFERENCES drizzle.OrleansMembershipVersionTable, Address text NOT NULL, Port int NOT NULL, Generation int NOT NULL, SiloName text NOT NULL,
  HostName text NOT NULL, Status int NOT NULL, ProxyPort int, SuspectTimes text, StartTime timestamptz(3) NOT NULL, IAmAliveTime timestamptz(3) NOT NULL,
  PRIMARY KEY (DeploymentId, Address, Port, Generation));

INSERT INTO drizzle.OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', '
  WITH made AS (INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1) SELECT count(*)::int FROM made'),
('InsertMembershipKey', '
  WITH version AS (
    UPDATE OrleansMembershipVersionTable v SET Timestamp = now(), Version = v.Version + 1
    WHERE v.DeploymentId = @DeploymentId AND v.Version = @Version AND NOT EXISTS (
      SELECT 1 FROM OrleansMembershipTable m WHERE m.DeploymentId = @DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation)
    RETURNING 1),
  silo AS (
    INSERT INTO OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
    SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM version
    RETURNING 1)
  SELECT count(*)::int FROM silo'),
('UpdateMembershipKey', '
  WITH version AS (
    UPDATE OrleansMembershipVersionTable v SET Timestamp = now(), Version = v.Version + 1
    WHERE v.DeploymentId = @DeploymentId AND v.Version = @Version AND EXISTS (
      SELECT 1 FROM OrleansMembershipTable m WHERE m.DeploymentId = @DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation)
    RETURNING 1),
  silo AS (
    UPDATE OrleansMembershipTable m SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
    FROM version WHERE m.DeploymentId = @DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
    RETURNING 1)
  SELECT count(*)::int FROM silo'),
('UpdateIAmAlivetimeKey', '
  UPDATE OrleansMembershipTable SET IAmAliveTime = @IAmAliveTime WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation'),
('MembershipReadRowKey', '
  SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
  FROM OrleansMembershipVersionTable v
  LEFT JOIN OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
  WHERE v.DeploymentId = @DeploymentId'),
('MembershipReadAllKey', '
  SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
  FROM OrleansMembershipVersionTable v LEFT JOIN OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId WHERE v.DeploymentId = @DeploymentId'),
('DeleteMembershipTableEntriesKey', '
  WITH silos AS (DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId) DELETE FROM OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId'),
('GatewaysQueryKey', '
  SELECT Address, ProxyPort, Generation FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0'),
('CleanupDefunctSiloEntriesKey', '
  DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId AND IAmAliveTime < @IAmAliveTime AND Status <> 3');

-- Which silo owns a part of the buckets, and as which epoch: by this row alone. owner: address:port@generation; null where the last one gave it up, and left
-- what its successor goes on with in state.
CREATE TABLE drizzle.bucket_shards (shard int PRIMARY KEY, owner text, epoch bigint NOT NULL DEFAULT 0, state bytea) WITH (fillfactor = 70);

-- p_given_up: an epoch that its holder says it does not hold. holder: who holds it and is not dead; nothing was claimed then. is_lost: what there was is unknown.
CREATE FUNCTION drizzle.claim_shard(p_shard int, p_owner text, p_deployment text, p_given_up bigint, OUT epoch bigint, OUT holder text, OUT is_lost boolean, OUT was_given_up boolean, OUT state bytea)
LANGUAGE plpgsql SET search_path = drizzle, pg_temp AS $$
DECLARE s bucket_shards;
BEGIN
  INSERT INTO bucket_shards (shard) VALUES (p_shard) ON CONFLICT DO NOTHING;
  SELECT * INTO s FROM bucket_shards b WHERE b.shard = p_shard FOR UPDATE;
  epoch := s.epoch;
  is_lost := s.owner IS NOT NULL;
  was_given_up := s.epoch = p_given_up;
  IF s.owner <> p_owner AND s.epoch <> p_given_up AND EXISTS (
    SELECT 1 FROM OrleansMembershipTable m WHERE m.DeploymentId = p_deployment AND m.Address || ':' || m.Port || '@' || m.Generation = s.owner AND m.Status <> 6) THEN
    holder := s.owner;
    RETURN;
  END IF;
  state := s.state;
  UPDATE bucket_shards b SET owner = p_owner, epoch = nextval('grant_numbers'), state = NULL WHERE b.shard = p_shard RETURNING b.epoch INTO claim_shard.epoch;
END $$;

-- What is surely left of a bucket that takes longer than ten seconds to fill, whatever its owner grants until it writes again. credit, most: nanoseconds of
-- refill, at the instant at and at any later one. owner_epoch, sequence: the newest word counts.
CREATE TABLE drizzle.bucket_reserves (
  id bytea PRIMARY KEY, shard int NOT NULL, name text NOT NULL, subject text NOT NULL, revision bigint NOT NULL, interval_ns bigint NOT NULL, burst bigint NOT NULL, credit bigint NOT NULL,
  most bigint NOT NULL, at timestamptz NOT NULL, owner_epoch bigint NOT NULL, sequence bigint NOT NULL) WITH (fillfactor = 60);
CREATE INDEX bucket_reserves_by_shard ON drizzle.bucket_reserves (shard);

REVOKE ALL ON FUNCTION drizzle.claim_shard FROM PUBLIC;

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'drizzle_edge') THEN
    -- Edges find the silos by these, and ask them for everything else.
    GRANT SELECT ON drizzle.OrleansQuery, drizzle.OrleansMembershipVersionTable, drizzle.OrleansMembershipTable TO drizzle_edge;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'drizzle_admin') THEN
    GRANT SELECT ON drizzle.OrleansQuery, drizzle.OrleansMembershipVersionTable, drizzle.OrleansMembershipTable TO drizzle_admin;
  END IF;
END $$;
