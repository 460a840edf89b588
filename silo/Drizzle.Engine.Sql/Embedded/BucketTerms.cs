using Drizzle.Contracts.Limits;

namespace Drizzle.Engine.Sql.Embedded;

/// <summary>What buckets have in common that never refused.</summary>
internal class BucketTerms(BucketRule rule)
{
    public BucketRule Rule => rule;

    /// <summary>Null where nothing was refused yet.</summary>
    public virtual RefusalCount? Refusals => null;
}

/// <summary>Of one bucket that has refused.</summary>
internal sealed class RefusingTerms(BucketRule rule, RefusalCount refusals) : BucketTerms(rule)
{
    public override RefusalCount Refusals => refusals;
}
