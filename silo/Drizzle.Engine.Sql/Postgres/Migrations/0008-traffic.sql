-- What edges say of the traffic that they see, for people to look at: a row for each route and service that an edge has said something of. A crash of the database
-- forgets it, and the edges say it again. service, route: route is empty for what is said of the service. state: as the edge wrote it.
CREATE UNLOGGED TABLE drizzle.traffic (
  tenant text NOT NULL, service text NOT NULL, route text NOT NULL, edge text NOT NULL, started_at timestamptz NOT NULL, at timestamptz NOT NULL, state jsonb NOT NULL,
  PRIMARY KEY (tenant, service, route, edge)) WITH (fillfactor = 60);

-- Until when nothing is taken of a tenant, since edges that have not heard that one of its name is gone still speak of it.
CREATE UNLOGGED TABLE drizzle.traffic_deaf (tenant text PRIMARY KEY, until timestamptz NOT NULL);

-- A route's name is never empty, and so never taken for what is said of its service.
CREATE FUNCTION drizzle.report_traffic(p_now timestamptz, p_edge text, p_started_at timestamptz, p_tenants text[], p_services text[], p_routes text[], p_states jsonb[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = drizzle, pg_temp AS $$
DECLARE v_now timestamptz := coalesce(p_now, clock_timestamp());
BEGIN
  IF cardinality(p_states) > 500 THEN
    RAISE 'A report has at most 500 routes and services.';
  END IF;
  INSERT INTO traffic AS t (tenant, service, route, edge, started_at, at, state)
    SELECT a.tenant, a.service, a.route, p_edge, p_started_at, v_now, a.state FROM unnest(p_tenants, p_services, p_routes, p_states) a (tenant, service, route, state)
    WHERE NOT EXISTS (SELECT 1 FROM traffic_deaf d WHERE d.tenant = a.tenant AND d.until > v_now)
    ORDER BY a.tenant COLLATE "C", a.service COLLATE "C", a.route COLLATE "C"
    ON CONFLICT (tenant, service, route, edge) DO UPDATE SET started_at = excluded.started_at, at = excluded.at, state = excluded.state;
  DELETE FROM traffic_deaf d WHERE d.until < v_now;
  -- Now and then, since it reads the whole table: an index by time would have to be kept up with every report.
  IF random() < 0.005 THEN
    DELETE FROM traffic t WHERE (t.tenant, t.service, t.route, t.edge) IN (
      SELECT o.tenant, o.service, o.route, o.edge FROM traffic o WHERE o.at < v_now - interval '10 minutes' FOR UPDATE SKIP LOCKED);
  END IF;
END $$;

CREATE FUNCTION drizzle.forget_traffic(p_now timestamptz, p_tenant text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = drizzle, pg_temp AS $$
  INSERT INTO traffic_deaf (tenant, until) VALUES (p_tenant, coalesce(p_now, clock_timestamp()) + interval '10 seconds') ON CONFLICT (tenant) DO UPDATE SET until = excluded.until;
  DELETE FROM traffic t WHERE t.tenant = p_tenant;
$$;

REVOKE ALL ON FUNCTION drizzle.report_traffic, drizzle.forget_traffic FROM PUBLIC;

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'drizzle_edge') THEN
    GRANT EXECUTE ON FUNCTION drizzle.report_traffic TO drizzle_edge;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'drizzle_admin') THEN
    GRANT SELECT ON drizzle.traffic TO drizzle_admin;
    GRANT EXECUTE ON FUNCTION drizzle.forget_traffic TO drizzle_admin;
  END IF;
END $$;
