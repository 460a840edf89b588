using Drizzle.Contracts.Ports;
using Microsoft.Data.Sqlite;

namespace Drizzle.Engine.Sql.Embedded;

/// <summary>The schema, step by step. A step that has been released never changes.</summary>
internal static class Migrations
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE lineage (epoch TEXT NOT NULL);
        -- scope: a tenant's slug, or '' for the platform. body: JSON; null once deleted, so that the feed can tell of it.
        CREATE TABLE documents (scope TEXT PRIMARY KEY, revision INTEGER NOT NULL, body TEXT) WITHOUT ROWID;
        CREATE INDEX documents_by_revision ON documents (revision);
        CREATE TABLE hosts (host TEXT PRIMARY KEY, scope TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX hosts_by_scope ON hosts (scope);
        -- body: the document after the change, JSON by Brotli; null for a deletion.
        CREATE TABLE revisions (
            revision INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL, body BLOB,
            actor TEXT NOT NULL, address TEXT, reason TEXT, at TEXT NOT NULL);
        CREATE INDEX revisions_by_scope ON revisions (scope, revision);
        -- scope: a tenant's slug, or '' for the platform.
        CREATE TABLE tokens (
            scope TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
            created_at TEXT NOT NULL, expires_at TEXT, last_used_at TEXT, PRIMARY KEY (scope, name)) WITHOUT ROWID;
        """,
        """
        CREATE TABLE users (
            scope TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, password_hash TEXT NOT NULL, stamp TEXT NOT NULL, created_at TEXT NOT NULL, last_login_at TEXT,
            PRIMARY KEY (scope, name)) WITHOUT ROWID;
        CREATE TABLE sessions (
            hash TEXT PRIMARY KEY, scope TEXT NOT NULL, name TEXT NOT NULL, stamp TEXT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT NOT NULL, last_used_at TEXT NOT NULL,
            FOREIGN KEY (scope, name) REFERENCES users (scope, name) ON DELETE CASCADE) WITHOUT ROWID;
        CREATE INDEX sessions_by_user ON sessions (scope, name);
        -- Attempts at logging in that still count; the audit keeps those that were refused.
        CREATE TABLE attempts (subject TEXT NOT NULL, origin TEXT NOT NULL, at TEXT NOT NULL);
        CREATE INDEX attempts_by_time ON attempts (at);
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, scope TEXT NOT NULL, actor TEXT NOT NULL, address TEXT, action TEXT NOT NULL, subject TEXT,
            revision INTEGER, reason TEXT);
        CREATE INDEX audit_by_scope ON audit (scope, id);
        CREATE TRIGGER audit_keeps_entries BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
        CREATE TRIGGER audit_loses_no_entries BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
        CREATE TRIGGER revisions_keep_entries BEFORE UPDATE ON revisions BEGIN SELECT RAISE(ABORT, 'history is not rewritten'); END;
        """,
        """
        -- window_start, ends_at: seconds since 1970. reserved: what edges have, spent or not. alerted: the hundredths of the amount that an event has told of.
        CREATE TABLE quotas (
            quota TEXT NOT NULL, subject TEXT NOT NULL, window_start INTEGER NOT NULL, tenant TEXT NOT NULL, name TEXT NOT NULL, ends_at INTEGER NOT NULL, amount INTEGER NOT NULL,
            revision INTEGER NOT NULL, extra INTEGER NOT NULL DEFAULT 0, reserved INTEGER NOT NULL DEFAULT 0, spent INTEGER NOT NULL DEFAULT 0, alerted INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (quota, subject, window_start)) WITHOUT ROWID;
        CREATE INDEX quotas_by_tenant ON quotas (tenant, name);
        -- What each life of an edge has of a count, or a part of one.
        CREATE TABLE quota_parts (
            quota TEXT NOT NULL, subject TEXT NOT NULL, window_start INTEGER NOT NULL, holder TEXT NOT NULL, sequence INTEGER NOT NULL, reserved INTEGER NOT NULL, spent INTEGER NOT NULL,
            PRIMARY KEY (quota, subject, window_start, holder), FOREIGN KEY (quota, subject, window_start) REFERENCES quotas ON DELETE CASCADE) WITHOUT ROWID;
        CREATE TABLE events (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, scope TEXT NOT NULL, kind TEXT NOT NULL, object TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL);
        CREATE INDEX events_by_scope ON events (scope, id);
        CREATE TABLE usage (
            tenant TEXT NOT NULL, day TEXT NOT NULL, consumer TEXT NOT NULL, service TEXT NOT NULL, route TEXT NOT NULL, requests INTEGER NOT NULL, refused INTEGER NOT NULL,
            errors INTEGER NOT NULL, bytes_in INTEGER NOT NULL, bytes_out INTEGER NOT NULL, upstream_us INTEGER NOT NULL, PRIMARY KEY (tenant, day, consumer, service, route)) WITHOUT ROWID;
        CREATE TABLE usage_batches (id TEXT PRIMARY KEY, edge TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX usage_batches_by_time ON usage_batches (at);
        -- A tenant that is deleted takes what was counted of it along, so that the next of its name does not see it.
        CREATE TRIGGER forgets_tenant AFTER UPDATE ON documents WHEN NEW.body IS NULL AND OLD.body IS NOT NULL BEGIN
            DELETE FROM quotas WHERE tenant = NEW.scope;
            DELETE FROM events WHERE scope = NEW.scope;
            DELETE FROM usage WHERE tenant = NEW.scope;
        END;
        """,
        """
        -- Buckets that are not full, for the next life of this process. until_ns: when it is full again, nanoseconds since 1970.
        CREATE TABLE buckets (name TEXT NOT NULL, subject TEXT NOT NULL, interval_ns INTEGER NOT NULL, burst INTEGER NOT NULL, until_ns INTEGER NOT NULL, PRIMARY KEY (name, subject)) WITHOUT ROWID;
        CREATE INDEX buckets_by_time ON buckets (until_ns);
        -- Whether the last life of this process ended in good order; no row before the first.
        CREATE TABLE bucket_life (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), ended_well INTEGER NOT NULL);
        """,
    ];

    public static void Run(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var version = connection.Number("PRAGMA user_version", transaction) ?? 0;
        if (version > Steps.Length)
        {
            throw new EngineException($"{connection.DataSource} was written by a newer version of Drizzle (schema {version}, this one knows {Steps.Length}). Run that version, or restore a backup.");
        }
        for (var step = version; step < Steps.Length; step++) connection.Execute(Steps[step], transaction);
        if (version == 0) connection.Execute("INSERT INTO lineage (epoch) VALUES (@epoch)", transaction, ("@epoch", Guid.NewGuid().ToString("N")));
        // A pragma takes no parameters.
        connection.Execute($"PRAGMA user_version = {Steps.Length}", transaction);
        transaction.Commit();
    }
}
