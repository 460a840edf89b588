-- A silo of the cluster, or the only one, that is at work; null where there is none. The only one renews its row twice a second, others every five seconds, by their
-- own clocks; one whose row is of a time to come says nothing of itself, or would say so anew at once.
CREATE FUNCTION drizzle.silo_at_work(p_deployment text, p_alone boolean) RETURNS text
LANGUAGE sql SET search_path = drizzle, pg_temp AS $$
  SELECT m.Address || ':' || m.Port || '@' || m.Generation FROM OrleansMembershipTable m
    WHERE m.DeploymentId = p_deployment AND m.Status <> 6 AND (m.SiloName = 'alone' OR NOT p_alone)
      AND CASE m.SiloName
        WHEN 'alone' THEN m.IAmAliveTime BETWEEN clock_timestamp() - interval '3 seconds' AND clock_timestamp() + interval '3 seconds'
        ELSE m.IAmAliveTime > clock_timestamp() - interval '45 seconds' END
    LIMIT 1
$$;

CREATE OR REPLACE FUNCTION drizzle.enter_alone(p_deployment text, p_address text, p_port int, p_generation int) RETURNS text
LANGUAGE plpgsql SET search_path = drizzle, pg_temp AS $$
DECLARE other text;
BEGIN
  INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES (p_deployment) ON CONFLICT DO NOTHING;
  UPDATE OrleansMembershipVersionTable v SET Timestamp = now(), Version = v.Version + 1 WHERE v.DeploymentId = p_deployment;
  other := silo_at_work(p_deployment, p_alone => false);
  IF other IS NOT NULL THEN
    RETURN other;
  END IF;
  UPDATE OrleansMembershipTable m SET Status = 6 WHERE m.DeploymentId = p_deployment AND m.Status <> 6;
  INSERT INTO OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
    VALUES (p_deployment, p_address, p_port, p_generation, 'alone', 'localhost', 1, 0, clock_timestamp(), clock_timestamp());
  RETURN NULL;
END $$;

-- Before a silo joins others by the table of members: what a silo that was the only one has left there is dead, or it is at work still, and is named.
CREATE FUNCTION drizzle.enter_among(p_deployment text) RETURNS text
LANGUAGE plpgsql SET search_path = drizzle, pg_temp AS $$
DECLARE other text;
BEGIN
  INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES (p_deployment) ON CONFLICT DO NOTHING;
  PERFORM 1 FROM OrleansMembershipVersionTable v WHERE v.DeploymentId = p_deployment FOR UPDATE;
  other := silo_at_work(p_deployment, p_alone => true);
  IF other IS NOT NULL THEN
    RETURN other;
  END IF;
  UPDATE OrleansMembershipTable m SET Status = 6 WHERE m.DeploymentId = p_deployment AND m.Status <> 6 AND m.SiloName = 'alone';
  IF FOUND THEN
    UPDATE OrleansMembershipVersionTable v SET Timestamp = now(), Version = v.Version + 1 WHERE v.DeploymentId = p_deployment;
  END IF;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION drizzle.silo_at_work, drizzle.enter_among FROM PUBLIC;
