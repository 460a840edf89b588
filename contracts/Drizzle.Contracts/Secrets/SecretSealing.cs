using Drizzle.Contracts.Model;
using Drizzle.Contracts.Reading;

namespace Drizzle.Contracts.Secrets;

/// <summary>Turns the secrets of a tenant as it is stated into what may be stored.</summary>
public static class SecretSealing
{
    /// <summary>
    /// Values are sealed, and stay as they are stored where they are the same; placeholders become what is stored in their place, where that would be
    /// sent to the same destinations. What an older key sealed is sealed anew.
    /// </summary>
    /// <param name="stated">Valid: each secret has one form, and no two the same place.</param>
    /// <param name="stored">Null where there is no such tenant yet.</param>
    /// <param name="keys">Null where there are none.</param>
    /// <param name="errors">What cannot be done.</param>
    public static Tenant Apply(Tenant stated, Tenant? stored, MasterKeys? keys, List<ConfigError> errors)
    {
        var known = (stored is null ? [] : SecretPlaces.Of(stored)).ToDictionary(p => p.Place);
        return SecretPlaces.Map(stated, placed =>
        {
            var before = known.GetValueOrDefault(placed.Place);
            if (placed.Secret.Value is { } value) return Seal(value, placed, before.Secret?.Sealed);
            return placed.Secret.Stored ? Keep(placed, before) : placed.Secret;
        });

        Secret Keep(PlacedSecret placed, PlacedSecret before)
        {
            if (before.Secret?.Sealed is not { } closed)
            {
                errors.Add(new($"{placed.Path}.stored", null, "Nothing is stored here that could be kept: state fromEnv, fromFile or value."));
                return placed.Secret;
            }
            if (keys?.Open(closed, placed.Place) is { } value && value.Length < placed.Least)
            {
                errors.Add(new($"{placed.Path}.stored", null, $"What is stored has fewer than {placed.Least} characters, which is too short here: state the value again."));
                return placed.Secret;
            }
            if (before.Receiver?.Destinations == placed.Receiver?.Destinations && before.Receiver?.Tls == placed.Receiver?.Tls) return new Secret { Sealed = keys?.Renew(closed, placed.Place) ?? closed };
            errors.Add(new($"{placed.Path}.stored", null, "The service's destinations or tls are others now: state the value again, since whoever receives it may be another."));
            return placed.Secret;
        }

        Secret Seal(string value, PlacedSecret placed, string? before)
        {
            if (keys is null)
            {
                errors.Add(new($"{placed.Path}.value", null, $"A value is stored encrypted, and {MasterKeys.Variable} is not set here: set it on admin and edges, or state fromEnv or fromFile."));
                return placed.Secret;
            }
            return new Secret { Sealed = before is not null && keys.Holds(before, placed.Place, value) ? keys.Renew(before, placed.Place) : keys.Seal(value, placed.Place) };
        }
    }
}
