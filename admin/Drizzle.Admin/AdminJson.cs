using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Drizzle.Admin.Endpoints;
using Drizzle.Admin.Http;
using Drizzle.Admin.Live;
using Drizzle.Admin.Receipts;
using Drizzle.Contracts.Explaining;
using Drizzle.Contracts.Json;

namespace Drizzle.Admin;

/// <summary>The JSON form of the admin API's own requests and answers; the model's is <see cref="ModelJson"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(ChangeAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(TenantSummary[]))]
[JsonSerializable(typeof(KeyView[]))]
[JsonSerializable(typeof(CreatedKey))]
[JsonSerializable(typeof(RevisionView[]))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(DiffAnswer))]
[JsonSerializable(typeof(EdgesAnswer))]
[JsonSerializable(typeof(TokenView[]))]
[JsonSerializable(typeof(CreatedToken))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(UserView[]))]
[JsonSerializable(typeof(CreatedUser))]
[JsonSerializable(typeof(ResetPassword))]
[JsonSerializable(typeof(RegistrationState))]
[JsonSerializable(typeof(AuditView[]))]
[JsonSerializable(typeof(LimitView[]))]
[JsonSerializable(typeof(LimitLevel))]
[JsonSerializable(typeof(QuotaView[]))]
[JsonSerializable(typeof(EventView[]))]
[JsonSerializable(typeof(UsageView[]))]
[JsonSerializable(typeof(TrafficView))]
[JsonSerializable(typeof(ServiceHealthView[]))]
[JsonSerializable(typeof(AwayView))]
internal sealed partial class AdminJson : JsonSerializerContext
{
    /// <summary>As people read it in a terminal; no answer is part of an HTML page.</summary>
    public static AdminJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The model leaves out what says no more than its default; the API's own answers always state numbers and flags.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new MaskedSecrets());
        options.TypeInfoResolverChain.Insert(0, ModelJson.Default);
        options.TypeInfoResolverChain.Insert(1, Default.WithAddedModifier(StateAll));
    }

    private static void StateAll(JsonTypeInfo type)
    {
        foreach (var property in type.Properties) property.ShouldSerialize = static (_, value) => value is not null;
    }
}
