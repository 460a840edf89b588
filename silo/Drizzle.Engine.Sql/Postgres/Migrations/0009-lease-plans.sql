-- Planned anew for every batch, leases took half as long again: the planner reads a whole small table rather than look up a batch of rows, until the table
-- has grown under it. Their rows are always found by key or place.
ALTER FUNCTION drizzle.lease(text, bigint, bigint, bytea[], text[], text[], bigint[], bigint[], bigint[], bigint[], bigint[], int[], bigint[], bigint[], boolean[])
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off;
