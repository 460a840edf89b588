using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Drizzle.Contracts.Json;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Sql.Documents;

/// <summary>Reads the bodies of stored documents. One that cannot be read is an <see cref="EngineException"/>, whatever is wrong with it.</summary>
internal static class StoredDocument
{
    public static TenantDocument ReadTenant(string body, string slug) => Read(body, ModelJson.Default.TenantDocument, $"of tenant '{slug}'");

    public static Platform ReadPlatform(string body) => Read(body, ModelJson.Default.Platform, "of the platform");

    private static T Read<T>(string body, JsonTypeInfo<T> type, string whose)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new EngineException($"The stored document {whose} is empty.");
        }
        catch (JsonException e)
        {
            throw new EngineException($"The stored document {whose} cannot be read: {e.Message}", e);
        }
    }
}
