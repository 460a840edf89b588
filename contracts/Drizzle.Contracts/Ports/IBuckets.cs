using Drizzle.Contracts.Limits;

namespace Drizzle.Contracts.Ports;

/// <summary>Buckets of this process, which are charged where they are: those of an engine that is this process, and what each edge keeps for itself.</summary>
public interface IBuckets
{
    /// <summary>Charges all buckets or none.</summary>
    /// <param name="charges">At most 64.</param>
    /// <param name="answers">As many; filled with what each bucket answered. After a refusal those before it were put back.</param>
    ChargeAnswer Charge(ReadOnlySpan<BucketCharge> charges, Span<BucketAnswer> answers);

    /// <summary>What a charge would be answered now by itself. Takes nothing, and makes no bucket.</summary>
    BucketAnswer Look(BucketCharge charge);
}
