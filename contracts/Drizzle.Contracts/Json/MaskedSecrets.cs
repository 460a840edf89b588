using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Json;

/// <summary>Writes secrets as people may see them: references as they are, and of a value that there is one.</summary>
/// <param name="marksChanges">Whether a value is told from another, by a digest of its encrypted form, which says nothing of the value.</param>
public sealed class MaskedSecrets(bool marksChanges = false) : JsonConverter<Secret>
{
    public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonSerializer.Deserialize(ref reader, ModelJson.Default.Secret) ?? throw new JsonException();

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value.FromEnv is { } name) writer.WriteString("fromEnv", name);
        else if (value.FromFile is { } file) writer.WriteString("fromFile", file);
        else if (marksChanges) writer.WriteString("stored", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value.Sealed ?? "")).AsSpan(0, 4)));
        else writer.WriteBoolean("stored", true);
        writer.WriteEndObject();
    }
}
