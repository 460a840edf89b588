using Drizzle.Contracts.Limits;

namespace Drizzle.Contracts.Ports;

/// <summary>Owns the buckets: the only one that takes tokens out of them.</summary>
public interface IBucketOwner
{
    /// <summary>Charges all buckets or none.</summary>
    /// <param name="charges">At most 64.</param>
    /// <param name="answers">As many; filled with what each bucket answered. After a refusal those before it were put back.</param>
    ChargeAnswer Charge(ReadOnlySpan<BucketCharge> charges, Span<BucketAnswer> answers);

    /// <summary>What a charge would be answered now by itself. Takes nothing, and makes no bucket.</summary>
    BucketAnswer Look(BucketCharge charge);
}
