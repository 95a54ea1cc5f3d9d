using System.Numerics;

namespace MedGen.Sdk.Errors;

/// <summary>
/// Collects everything that is wrong with an input, so that a caller learns of it at once and in one phrasing: "got X; allowed: Y.".
/// Rules for a single field are attributes beside the field (<see cref="Declared"/>); rules between fields are the methods here.
/// </summary>
/// <remarks>
/// Free texts are never repeated in a message, as they may be a prompt or a patient's name; numbers are, and what should have been one of a fixed
/// list of names, unless it is too long to be a mistyped name.
/// </remarks>
public sealed class Violations
{
    private const int LongestName = 40;
    private readonly List<FieldViolation> _found;
    private readonly string _path;

    /// <summary>Starts an empty collection.</summary>
    public Violations()
        : this([], "")
    {
    }

    private Violations(List<FieldViolation> found, string path)
    {
        _found = found;
        _path = path;
    }

    /// <summary>What was found so far, in the order of the checks.</summary>
    public IReadOnlyList<FieldViolation> Found => _found;

    /// <summary>The same collection, for the fields of an inner object.</summary>
    /// <param name="field">The field that holds the inner object, as the caller spells it, for instance <c>clip</c> or <c>methods[2]</c>.</param>
    /// <returns>A view that puts the field before every name.</returns>
    public Violations In(string field) => new(_found, $"{_path}{field}.");

    /// <summary>Adds a violation.</summary>
    /// <param name="field">The field, as the caller spells it (snake_case).</param>
    /// <param name="got">What was got, for instance <c>got 5</c> or <c>has 4,001 characters</c>.</param>
    /// <param name="allowed">What is allowed, for instance <c>1 to 4</c>.</param>
    public void Add(string field, FormattableString got, FormattableString allowed) =>
        Add(field, $"{FormattableString.Invariant(got)}; allowed: {FormattableString.Invariant(allowed)}.");

    /// <summary>Adds a violation in words of its own.</summary>
    /// <param name="field">The field, as the caller spells it (snake_case).</param>
    /// <param name="description">What is wrong and what to do.</param>
    public void Add(string field, string description) => AddRange([new FieldViolation(field, description)]);

    /// <summary>Adds violations that another check has found; what is known already is not said again.</summary>
    /// <param name="violations">They keep their names below this collection's field.</param>
    public void AddRange(IEnumerable<FieldViolation> violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        foreach (FieldViolation violation in violations.Select(violation => violation with { Field = _path + violation.Field }))
        {
            if (!_found.Contains(violation))
            {
                _found.Add(violation);
            }
        }
    }

    /// <summary>
    /// Checks every property of an object, and of the objects that it holds, against the validation attributes beside the properties.
    /// </summary>
    /// <param name="item">The object; properties that are null keep every rule but <c>[Required]</c>.</param>
    public void Declared(object item)
    {
        ArgumentNullException.ThrowIfNull(item);
        DeclaredRules.Check(item, this);
    }

    /// <summary>A number in a closed range, or null; NaN is in no range.</summary>
    /// <typeparam name="T">Type of the number.</typeparam>
    /// <param name="field">The field, as the caller spells it.</param>
    /// <param name="value">The value.</param>
    /// <param name="min">The smallest allowed.</param>
    /// <param name="max">The largest allowed.</param>
    public void Within<T>(string field, T? value, T min, T max)
        where T : struct, INumber<T>
    {
        if (value is { } number && !(number >= min && number <= max))
        {
            Add(field, $"got {number}", $"{min} to {max}");
        }
    }

    /// <summary>One of a fixed list of names, or null.</summary>
    /// <param name="field">The field, as the caller spells it.</param>
    /// <param name="value">The value.</param>
    /// <param name="allowed">The names, in the order in which they are listed to the caller.</param>
    public void OneOf(string field, string? value, params IReadOnlyCollection<string> allowed)
    {
        if (value is not null && !allowed.Contains(value, StringComparer.Ordinal))
        {
            Add(
                field, value.Length <= LongestName ? $"got '{value}'" : (FormattableString)$"has {value.Length} characters",
                $"{string.Join(", ", allowed)}");
        }
    }

    /// <summary>Adds a violation unless a condition holds.</summary>
    /// <param name="isGood">The condition.</param>
    /// <param name="field">The field, as the caller spells it.</param>
    /// <param name="got">What was got.</param>
    /// <param name="allowed">What is allowed.</param>
    public void Require(bool isGood, string field, FormattableString got, FormattableString allowed)
    {
        if (!isGood)
        {
            Add(field, got, allowed);
        }
    }

    /// <summary>Ends the check.</summary>
    /// <exception cref="InvalidInputException">Something was found; it names all of it.</exception>
    public void ThrowIfAny()
    {
        if (_found.Count > 0)
        {
            throw new InvalidInputException(_found);
        }
    }

    /// <summary>Checks one object against its declared rules.</summary>
    /// <param name="item">The object.</param>
    /// <exception cref="InvalidInputException">Names every field that breaks a rule.</exception>
    public static void ThrowIfDeclaredRulesBroken(object item)
    {
        Violations violations = new();
        violations.Declared(item);
        violations.ThrowIfAny();
    }
}
