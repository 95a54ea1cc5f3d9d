using MedGen.Application.Auditing;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Access;

/// <summary>Which roles may ask for which operation. What is not listed is for nobody.</summary>
public sealed class AccessPolicy
{
    private static readonly Role[] Everybody = [Role.Viewer, Role.Researcher, Role.Clinician, Role.Operator, Role.Administrator];
    private static readonly Role[] Workers = [Role.Researcher, Role.Clinician, Role.Operator, Role.Administrator];

    // A call that starts a job goes on as a watch, and may end as a cancel: whoever may start one needs both.
    private static readonly string[] Starting = ["GenerateVideo", "AnalyzeVideo", "AugmentDataset", "CurateVideos"];
    private static readonly string[] Following = ["WatchJob", "CancelJob"];

    private readonly Dictionary<string, Operation> _operations;

    private AccessPolicy(IEnumerable<Operation> operations) =>
        _operations = operations.ToDictionary(operation => operation.Name, StringComparer.Ordinal);

    /// <summary>The policy of a host without a policy file; the one place that lists all operations.</summary>
    public static AccessPolicy Default { get; } = new(
    [
        new("GetModel", AuditKind.Read, Everybody),
        new("ListPlugins", AuditKind.Read, Everybody),
        new("GetPlugin", AuditKind.Read, Everybody),
        new("DescribePlugin", AuditKind.Read, Everybody),
        new("GetJob", AuditKind.Read, Everybody),
        new("ListJobs", AuditKind.Read, Everybody),
        new("WatchJob", AuditKind.Read, Everybody),
        new("GetArtifact", AuditKind.Read, Everybody),
        new("DownloadArtifact", AuditKind.Read, Everybody),
        new("UploadArtifact", AuditKind.Change, Workers),
        new("DeleteArtifact", AuditKind.Change, Workers),
        new("ListArtifacts", AuditKind.Read, Everybody),
        new("HoldArtifact", AuditKind.Change, [Role.Administrator]),
        new("ReleaseArtifact", AuditKind.Change, [Role.Administrator]),
        new("EraseArtifacts", AuditKind.Change, [Role.Administrator], IsHostWide: true),
        new("CancelJob", AuditKind.Change, Workers),
        new("DeleteJob", AuditKind.Change, Workers),
        new("ListShares", AuditKind.Read, Workers),
        new("ShareItem", AuditKind.Change, Workers),
        new("UnshareItem", AuditKind.Change, Workers),
        new("AnalyzeVideo", AuditKind.Change, Workers),
        new("StreamFrames", AuditKind.Change, [Role.Clinician, Role.Operator, Role.Administrator]),
        new("GenerateVideo", AuditKind.Change, [Role.Researcher, Role.Operator, Role.Administrator]),
        new("AugmentDataset", AuditKind.Change, [Role.Researcher, Role.Operator, Role.Administrator]),
        new("CurateVideos", AuditKind.Change, [Role.Researcher, Role.Operator, Role.Administrator]),
        new("QueryDicom", AuditKind.Read, Everybody),
        new("QueryArchive", AuditKind.Read, Workers),
        new("RetrieveFromArchive", AuditKind.Change, Workers),
        new("SendToArchive", AuditKind.Change, Workers),
        new("ListDicomRules", AuditKind.Read, Everybody),
        new("ListDicomStudies", AuditKind.Read, Everybody),
        new("GetSystem", AuditKind.Read, [Role.Operator, Role.Administrator], IsHostWide: true),
        new("ReloadPlugin", AuditKind.Administration, [Role.Administrator], IsHostWide: true),
        new("EnablePlugin", AuditKind.Administration, [Role.Administrator], IsHostWide: true),
        new("DisablePlugin", AuditKind.Administration, [Role.Administrator], IsHostWide: true),
        new("ErasePluginData", AuditKind.Administration, [Role.Administrator], IsHostWide: true),
        new("UsePlugin", AuditKind.Administration, [Role.Administrator], IsHostWide: true),
        new("ListAuditRecords", AuditKind.Administration, [Role.Auditor]),
        new("VerifyAudit", AuditKind.Administration, [Role.Auditor]),
    ]);

    /// <summary>All operations, in the order in which they are documented.</summary>
    public IReadOnlyCollection<Operation> Operations => _operations.Values;

    /// <summary>Looks an operation up.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The operation; null: there is none, so nobody may ask for it.</returns>
    public Operation? Find(string name) => _operations.GetValueOrDefault(name);

    /// <summary>The same policy with other operations for some roles.</summary>
    /// <param name="roles">For each role that is to change: all operations that it may ask for; others keep theirs.</param>
    /// <param name="violations">Takes what is wrong, by role.</param>
    /// <returns>The changed policy.</returns>
    public AccessPolicy With(IReadOnlyDictionary<Role, IReadOnlyList<string>> roles, Violations violations)
    {
        ArgumentNullException.ThrowIfNull(roles);
        ArgumentNullException.ThrowIfNull(violations);
        foreach ((Role role, IReadOnlyList<string> names) in roles)
        {
            string field = role.ToString().ToLowerInvariant();
            foreach (string unknown in names.Where(name => Find(name) is null))
            {
                violations.Add(field, $"got another operation", $"{string.Join(", ", _operations.Keys)}");
            }

            foreach (string missing in Following.Where(name => names.Any(Starting.Contains) && !names.Contains(name)))
            {
                violations.Add(field, $"starts jobs without {missing}", $"{missing} beside {string.Join(", ", names.Where(Starting.Contains))}");
            }
        }

        return new AccessPolicy(_operations.Values.Select(operation => operation with
        {
            Roles =
            [
                .. Enum.GetValues<Role>().Where(role => roles.TryGetValue(role, out IReadOnlyList<string>? names)
                    ? names.Contains(operation.Name)
                    : operation.Roles.Contains(role)),
            ],
        }));
    }

    /// <summary>Whether a caller may ask for an operation.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="name">Name of the operation.</param>
    /// <returns>False: <see cref="Require"/> would refuse it.</returns>
    public bool Allows(Caller caller, string name)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return Find(name) is { } operation && operation.Roles.Any(caller.Roles.Contains) && !IsOutOfReach(operation, caller);
    }

    /// <summary>Makes sure that a caller may ask for an operation.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="name">Name of the operation.</param>
    /// <exception cref="AccessDeniedException">It is not for this caller.</exception>
    public void Require(Caller caller, string name)
    {
        ArgumentNullException.ThrowIfNull(caller);
        Operation? operation = Find(name);
        if (operation is null || !operation.Roles.Any(caller.Roles.Contains))
        {
            throw new AccessDeniedException($"{name} is for the roles {Names(operation?.Roles ?? [])}; this caller has {Names(caller.Roles)}.");
        }

        if (IsOutOfReach(operation, caller))
        {
            throw new AccessDeniedException($"{name} concerns the whole host; this caller belongs to the tenant '{caller.Tenant}'.");
        }
    }

    private static bool IsOutOfReach(Operation operation, Caller caller) =>
        operation.IsHostWide && caller.Tenant is not (Tenants.All or Tenants.Default);

    private static string Names(IReadOnlyList<Role> roles) => roles.Count > 0 ? string.Join(", ", roles).ToLowerInvariant() : "none";
}
