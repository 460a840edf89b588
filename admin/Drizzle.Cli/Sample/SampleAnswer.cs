using System.Text.Json.Serialization;

namespace Drizzle.Cli.Sample;

/// <summary>What the sample's upstream says of a request, so that one sees what arrived and where.</summary>
/// <param name="Headers">How many there were.</param>
internal sealed record SampleAnswer(string Service, int Port, string Method, string Path, int Headers);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SampleAnswer))]
internal sealed partial class SampleJson : JsonSerializerContext;
