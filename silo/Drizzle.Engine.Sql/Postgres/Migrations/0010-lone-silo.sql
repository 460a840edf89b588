-- A silo that is told to be the only one finds nobody by the table of members, but stands in it: by its row alone it may own buckets. To others it is joining
-- (1) for ever, so that nobody takes it for one to call. It renews its row all the time, and one that has not done so for three seconds is gone; other silos
-- do it every five seconds.
CREATE FUNCTION drizzle.enter_alone(p_deployment text, p_address text, p_port int, p_generation int) RETURNS text
LANGUAGE plpgsql SET search_path = drizzle, pg_temp AS $$
DECLARE other text;
BEGIN
  INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES (p_deployment) ON CONFLICT DO NOTHING;
  UPDATE OrleansMembershipVersionTable v SET Timestamp = now(), Version = v.Version + 1 WHERE v.DeploymentId = p_deployment;
  SELECT m.Address || ':' || m.Port || '@' || m.Generation INTO other FROM OrleansMembershipTable m
    WHERE m.DeploymentId = p_deployment AND m.Status <> 6 AND m.IAmAliveTime > clock_timestamp() - CASE m.SiloName WHEN 'alone' THEN interval '3 seconds' ELSE interval '30 seconds' END
    LIMIT 1;
  IF other IS NOT NULL THEN
    RETURN other;
  END IF;
  UPDATE OrleansMembershipTable m SET Status = 6 WHERE m.DeploymentId = p_deployment AND m.Status <> 6;
  INSERT INTO OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
    VALUES (p_deployment, p_address, p_port, p_generation, 'alone', 'localhost', 1, 0, clock_timestamp(), clock_timestamp());
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION drizzle.enter_alone FROM PUBLIC;
