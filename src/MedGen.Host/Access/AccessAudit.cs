using System.Collections.Concurrent;
using MedGen.Application.Access;
using MedGen.Application.Auditing;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Access;

/// <summary>
/// Writes down who came in, and who was refused. A login is a caller's first call from an address, in the same way, in a quarter of an hour.
/// </summary>
internal sealed class AccessAudit(IAuditTrail audit, TimeProvider time)
{
    private const string Login = "Login";
    private const int MostKept = 10_000;

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<(string Caller, string Scheme, string Address), long> _seen = new();

    /// <summary>Address of a caller's machine, an IPv4 one as such.</summary>
    public static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress is not { } address ? ""
        : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    public Task SeenAsync(Caller caller, string scheme)
    {
        long now = time.GetTimestamp();
        if (_seen.Count >= MostKept)
        {
            _seen.Clear();
        }

        (string, string, string) key = (caller.Name, scheme, caller.Address);
        bool isHere = _seen.TryGetValue(key, out long last) && time.GetElapsedTime(last, now) < Idle;
        _seen[key] = now;
        return isHere ? Task.CompletedTask : audit.RecordAsync(new AuditEntry
        {
            Caller = caller.Name,
            Action = Login,
            Subject = $"scheme:{scheme}",
            Outcome = "ok",
            Kind = AuditKind.Login,
            Tenant = caller.Tenant,
            Address = caller.Address,
        });
    }

    public Task LoginFailedAsync(HttpContext http, string reason) => TryAsync(new AuditEntry
    {
        Caller = AuditEntry.Anonymous,
        Action = Login,
        Subject = $"scheme:{AccessSchemes.Choose(http)}",
        Outcome = reason,
        Kind = AuditKind.Login,
        Address = AddressOf(http),
    });

    public Task DeniedAsync(Caller caller, Endpoint? endpoint, string reason)
    {
        string operation = OperationRequirement.OperationOf(endpoint) ?? "unknown";
        return TryAsync(new AuditEntry
        {
            Caller = caller.Name,
            Action = operation,
            Subject = "",
            Outcome = reason,
            Kind = AccessPolicy.Default.Find(operation)?.Kind ?? AuditKind.Change,
            Tenant = caller.Tenant,
            Address = caller.Address,
        });
    }

    // A refusal that cannot be written down is a refusal all the same.
    private async Task TryAsync(AuditEntry entry)
    {
        try
        {
            await audit.RecordAsync(entry).ConfigureAwait(false);
        }
        catch (ResourceExhaustedException)
        {
            // The disk is full, which the log says elsewhere.
        }
    }
}
