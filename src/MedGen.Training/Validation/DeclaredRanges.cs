using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using MedGen.Abstractions.Errors;

namespace MedGen.Training.Validation;

/// <summary>Holds every number and text of a recipe or of options to the range that stands beside it, and names the field in snake_case, as files spell it.</summary>
internal static class DeclaredRanges
{
    /// <summary>Refuses what is out of range.</summary>
    /// <exception cref="InvalidInputException">Names every such field.</exception>
    public static void ThrowIfViolated(object item)
    {
        if (Violations(item).ToArray() is { Length: > 0 } violations)
        {
            throw new InvalidInputException(violations);
        }
    }

    /// <summary>Everything that is out of range, also in what the item is made of.</summary>
    public static IEnumerable<FieldViolation> Violations(object item, string path = "")
    {
        foreach (PropertyInfo property in item.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            object? value = property.GetIndexParameters().Length == 0 ? property.GetValue(item) : null;
            if (value is null)
            {
                continue;
            }

            string name = path + JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            foreach (ValidationAttribute rule in property.GetCustomAttributes<ValidationAttribute>().Where(rule => !rule.IsValid(value)))
            {
                yield return new FieldViolation(name, Describe(rule, value));
            }

            foreach (FieldViolation violation in Inner(value, name))
            {
                yield return violation;
            }
        }
    }

    private static IEnumerable<FieldViolation> Inner(object value, string name) => value switch
    {
        string or IDictionary => [],
        IEnumerable<object> items => items.SelectMany((inner, index) => IsOwn(inner) ? Violations(inner, $"{name}[{index}].") : []),
        _ => IsOwn(value) ? Violations(value, name + ".") : [],
    };

    private static bool IsOwn(object value) => value.GetType() is { IsEnum: false } type && type.Assembly == typeof(DeclaredRanges).Assembly;

    private static string Describe(ValidationAttribute rule, object value) => rule switch
    {
        RangeAttribute range => string.Create(CultureInfo.InvariantCulture, $"got {value}; allowed is {range.Minimum} to {range.Maximum}."),
        AllowedValuesAttribute allowed => $"got '{value}'; allowed are {string.Join(", ", allowed.Values.OfType<object>())}.",
        StringLengthAttribute length => $"has {((string)value).Length} characters; allowed are {length.MinimumLength} to {length.MaximumLength}.",
        MinLengthAttribute length => $"has {((IEnumerable)value).Cast<object>().Count()} entries; allowed are {length.Length} or more.",
        MaxLengthAttribute length => $"has {((IEnumerable)value).Cast<object>().Count()} entries; allowed are at most {length.Length}.",
        _ => $"got '{value}'; {rule.FormatErrorMessage("value")}",
    };
}
