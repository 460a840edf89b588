// Uses the client that is generated from the admin API's own description: what compiles here is what the description says, and what runs here is
// what the server does. Arguments: the API's address and a token.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

declare const process: { argv: string[]; exit(code: number): never };

const [, , baseUrl, token] = process.argv;
const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });

function expect(isSo: boolean, what: string, found: unknown): asserts isSo {
  if (isSo) return;
  console.error(`${what}: ${JSON.stringify(found)}`);
  process.exit(1);
}

const made = await client.POST("/v1/tenants", { body: { slug: "typed", consumers: [{ name: "mobile" }] } });
expect(made.data !== undefined && made.data.revision === 1, "a tenant is made", made.error);

const service: components["schemas"]["Service"] = { slug: "orders", destinations: [{ url: "http://127.0.0.1:9", weight: 3 }], timeouts: { connect: "3s" } };
const put = await client.PUT("/v1/tenants/{tenant}/services/{name}", {
  params: { path: { tenant: "typed", name: "orders" }, query: { wait: "applied", timeout: "30s", reason: "typed" }, header: { "If-Match": '"1"' } },
  body: service,
});
expect(put.data?.receipt?.confirmed === true && put.data.changes[0]?.kind === "service", "a service is put, and in force", put);

const stale = await client.PUT("/v1/tenants/{tenant}/services/{name}", {
  params: { path: { tenant: "typed", name: "orders" }, header: { "If-Match": '"1"' } },
  body: service,
});
expect(stale.error?.status === 412 && stale.error.expected === 1 && stale.error.actual === 2, "a stale write is refused with both revisions", stale);

const listed = await client.GET("/v1/tenants/{tenant}/services", { params: { path: { tenant: "typed" }, query: { filter: ["slug=orders"], sort: "-slug", limit: 5 } } });
expect(listed.data?.length === 1 && listed.data[0]?.destinations?.[0]?.weight === 3, "services are listed", listed);

const key = await client.POST("/v1/tenants/{tenant}/keys", { params: { path: { tenant: "typed" } }, body: { consumer: "mobile", expiresIn: "30d" } });
expect(key.data?.key.startsWith("drz_") === true, "a key is shown", key.error);

// @ts-expect-error: a service has a slug
const wrong: components["schemas"]["Service"] = { destinations: [] };
// @ts-expect-error: there is no such path
void client.GET("/v1/nothing", {});
// @ts-expect-error: the path wants a tenant
void client.GET("/v1/tenants/{tenant}/services", {});
void wrong;
