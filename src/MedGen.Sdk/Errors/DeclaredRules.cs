using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace MedGen.Sdk.Errors;

/// <summary>
/// Reads the rules that stand beside properties as validation attributes, and names the properties in snake_case, as files and the contract spell
/// them.
/// </summary>
internal static class DeclaredRules
{
    // Weak keys: a type of a plugin must not keep its load context alive.
    private static readonly ConditionalWeakTable<Type, Property[]> Known = [];

    public static void Check(object item, Violations violations)
    {
        foreach (Property property in Known.GetValue(item.GetType(), Describe))
        {
            object? value = property.Info.GetValue(item);
            foreach (ValidationAttribute rule in property.Rules.Where(rule => !rule.IsValid(value)))
            {
                Say(rule, value, property.Name, violations);
            }

            switch (value)
            {
                case null or string or IDictionary:
                    break;
                case IEnumerable items:
                    if (property.IsObject)
                    {
                        int index = 0;
                        foreach (object? inner in items)
                        {
                            if (inner is not null)
                            {
                                Check(inner, violations.In($"{property.Name}[{index}]"));
                            }

                            index++;
                        }
                    }

                    break;
                default:
                    if (property.IsObject)
                    {
                        Check(value, violations.In(property.Name));
                    }

                    break;
            }
        }
    }

    // Only properties that have a rule, or whose objects have one, are ever read.
    private static Property[] Describe(Type type) => Describe(type, [type]);

    private static Property[] Describe(Type type, HashSet<Type> above) =>
    [
        .. from info in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
           where info.GetIndexParameters().Length == 0
           let rules = info.GetCustomAttributes<ValidationAttribute>().ToArray()
           let isObject = HasRules(Element(info.PropertyType), above)
           where rules.Length > 0 || isObject
           select new Property(info, JsonNamingPolicy.SnakeCaseLower.ConvertName(info.Name), rules, isObject),
    ];

    private static bool HasRules(Type type, HashSet<Type> above)
    {
        if (type.IsPrimitive || type.IsEnum || type.Namespace is null || type.Namespace.StartsWith("System", StringComparison.Ordinal)
            || above.Contains(type))
        {
            return false;
        }

        return Describe(type, [.. above, type]).Length > 0;
    }

    private static Type Element(Type type) =>
        type.GetInterfaces().Prepend(type)
            .FirstOrDefault(t => t.IsGenericType && t.GetGenericTypeDefinition() == typeof(IEnumerable<>)) is { } sequence
            ? sequence.GetGenericArguments()[0]
            : Nullable.GetUnderlyingType(type) ?? type;

    private static void Say(ValidationAttribute rule, object? value, string field, Violations violations)
    {
        switch (rule)
        {
            case RangeAttribute { MinimumIsExclusive: true } range:
                violations.Add(field, $"got {value}", $"above {range.Minimum}, at most {range.Maximum}");
                break;
            case RangeAttribute range:
                violations.Add(field, $"got {value}", $"{range.Minimum} to {range.Maximum}");
                break;
            case AllowedValuesAttribute names:
                violations.OneOf(field, value?.ToString(), [.. names.Values.OfType<string>()]);
                break;
            case StringLengthAttribute length:
                violations.Add(field, $"has {((string)value!).Length} characters", $"{length.MinimumLength} to {length.MaximumLength}");
                break;
            case MinLengthAttribute length:
                violations.Add(field, $"has {((IEnumerable)value!).Cast<object>().Count()} entries", $"{length.Length} or more");
                break;
            case MaxLengthAttribute length:
                violations.Add(field, $"has {((IEnumerable)value!).Cast<object>().Count()} entries", $"at most {length.Length}");
                break;
            case EnumDataTypeAttribute names:
                violations.Add(
                    field, $"got {value:D}",
                    $"{string.Join(", ", Enum.GetNames(names.EnumType).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))}");
                break;
            case RequiredAttribute:
                violations.Add(field, "is missing.");
                break;
            default:
                // A text may be a prompt or a name.
                violations.Add(
                    field, value is IFormattable
                        ? (FormattableString)$"got {value}"
                        : $"got another value", $"{rule.FormatErrorMessage(field).TrimEnd('.')}");
                break;
        }
    }

    private sealed record Property(PropertyInfo Info, string Name, ValidationAttribute[] Rules, bool IsObject);
}
