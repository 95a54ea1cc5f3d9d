namespace MedGen.Application.Access;

/// <summary>The role that a caller needs to send a message. Every message carries it; one without is refused.</summary>
/// <param name="role">The lowest sufficient role.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresRoleAttribute(Role role) : Attribute
{
    /// <summary>The lowest sufficient role.</summary>
    public Role Role { get; } = role;
}
