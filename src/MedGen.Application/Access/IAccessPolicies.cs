namespace MedGen.Application.Access;

/// <summary>Gives the policy in force, which may change while the host runs.</summary>
public interface IAccessPolicies
{
    /// <summary>The policy in force now.</summary>
    AccessPolicy Current { get; }
}

/// <summary>The policy of a host without a policy file.</summary>
internal sealed class DefaultAccessPolicies : IAccessPolicies
{
    public AccessPolicy Current => AccessPolicy.Default;
}
