using System.Reflection;

namespace MedGen.Application.Access;

/// <summary>The operation that a message, or a call of another contract, stands for, where it has another name.</summary>
/// <param name="name">Name of the operation.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OperationAttribute(string name) : Attribute
{
    /// <summary>Name of the operation.</summary>
    public string Name { get; } = name;

    /// <summary>The operation that a message stands for.</summary>
    /// <param name="message">Type of the message.</param>
    /// <returns>Name of the operation.</returns>
    public static string Of(Type message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.GetCustomAttribute<OperationAttribute>()?.Name ?? message.Name;
    }
}
