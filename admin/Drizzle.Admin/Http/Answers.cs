using Drizzle.Admin.Receipts;
using Drizzle.Admin.Writing;
using Drizzle.Contracts.Editing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Drizzle.Admin.Http;

/// <summary>What a change did.</summary>
/// <param name="Revision">The revision that now holds.</param>
/// <param name="Changes">Empty where everything was so already.</param>
public sealed record ChangeAnswer(long Revision, IReadOnlyList<ObjectChange> Changes) : IReceipted
{
    /// <summary>Where the revision stands on the edges, for who asked to wait.</summary>
    public Receipt? Receipt { get; set; }
}

/// <summary>Turns the result of a write into an answer.</summary>
internal static class Answers
{
    public static Results<Ok<ChangeAnswer>, Problem> Changed(WriteResult result, HttpResponse response)
    {
        if (result is not WriteResult.Done done) return Problems.Of(result);
        response.Headers.ETag = TagOf(done.Revision);
        return TypedResults.Ok(new ChangeAnswer(done.Revision, done.Changes));
    }

    public static Results<Created<ChangeAnswer>, Problem> Created(WriteResult result, string location, HttpResponse response)
    {
        if (result is not WriteResult.Done done) return Problems.Of(result);
        response.Headers.ETag = TagOf(done.Revision);
        return TypedResults.Created(location, new ChangeAnswer(done.Revision, done.Changes));
    }

    public static string TagOf(long revision) => $"\"{revision}\"";
}
