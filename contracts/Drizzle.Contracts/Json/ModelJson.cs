using System.Text.Json;
using System.Text.Json.Serialization;
using Drizzle.Contracts.Explaining;
using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Json;

/// <summary>The JSON form of the model, by source generation: camelCase, nothing that says no more than its default.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    Converters = [typeof(CamelCaseEnumConverter)],
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ConfigurationFile))]
[JsonSerializable(typeof(TenantDocument))]
[JsonSerializable(typeof(Tenant[]))]
[JsonSerializable(typeof(Service[]))]
[JsonSerializable(typeof(Route[]))]
[JsonSerializable(typeof(Plan[]))]
[JsonSerializable(typeof(Consumer[]))]
[JsonSerializable(typeof(Policy[]))]
[JsonSerializable(typeof(PolicyLink[]))]
[JsonSerializable(typeof(PolicyTest[]))]
[JsonSerializable(typeof(Issuer[]))]
[JsonSerializable(typeof(HttpsRule[]))]
[JsonSerializable(typeof(ServerCertificate[]))]
[JsonSerializable(typeof(ApiKey[]))]
[JsonSerializable(typeof(Limit[]))]
[JsonSerializable(typeof(Quota[]))]
[JsonSerializable(typeof(ConcurrencyLimit[]))]
[JsonSerializable(typeof(Destination[]))]
[JsonSerializable(typeof(UpstreamCredential[]))]
[JsonSerializable(typeof(ObjectOwner[]))]
[JsonSerializable(typeof(ValueMatch[]))]
[JsonSerializable(typeof(ExplainRequest))]
[JsonSerializable(typeof(ExplainHeader[]))]
[JsonSerializable(typeof(AuthMethod[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(int[]))]
public sealed partial class ModelJson : JsonSerializerContext;

internal sealed class CamelCaseEnumConverter() : JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
