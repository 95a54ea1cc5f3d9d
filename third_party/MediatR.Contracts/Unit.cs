using System;
using System.Threading.Tasks;

namespace MediatR;

/// <summary>The response of a request that has none; every value is equal to every other.</summary>
public readonly struct Unit : IEquatable<Unit>, IComparable<Unit>, IComparable
{
    private static readonly Unit Only;

    /// <summary>The only value.</summary>
    public static ref readonly Unit Value => ref Only;

    /// <summary>A completed task with the only value.</summary>
    public static Task<Unit> Task { get; } = System.Threading.Tasks.Task.FromResult(Only);

    /// <summary>Always true.</summary>
    public static bool operator ==(Unit first, Unit second) => true;

    /// <summary>Always false.</summary>
    public static bool operator !=(Unit first, Unit second) => false;

    /// <summary>Always false.</summary>
    public static bool operator <(Unit left, Unit right) => false;

    /// <summary>Always true.</summary>
    public static bool operator <=(Unit left, Unit right) => true;

    /// <summary>Always false.</summary>
    public static bool operator >(Unit left, Unit right) => false;

    /// <summary>Always true.</summary>
    public static bool operator >=(Unit left, Unit right) => true;

    /// <inheritdoc />
    public int CompareTo(Unit other) => 0;

    int IComparable.CompareTo(object? obj) => 0;

    /// <inheritdoc />
    public override int GetHashCode() => 0;

    /// <inheritdoc />
    public bool Equals(Unit other) => true;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Unit;

    /// <inheritdoc />
    public override string ToString() => "()";
}
