using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json;

namespace MedGen.Host.Configuration;

/// <summary>Values of settings as text: what is allowed, from text, to text.</summary>
internal static class SettingText
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("min", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    private static readonly Type[] Plain =
        [typeof(string), typeof(bool), typeof(int), typeof(long), typeof(double), typeof(TimeSpan), typeof(IPAddress), typeof(Uri)];

    public static bool IsPlain(Type type) => Plain.Contains(Inner(type)) || Inner(type).IsEnum;

    public static bool IsList(Type type) => type.IsAssignableTo(typeof(IEnumerable<string>)) && type != typeof(string);

    public static bool IsMap(Type type) => type == typeof(IReadOnlyDictionary<string, LogLevel>);

    /// <summary>Reads a value of a plain type.</summary>
    /// <returns>False: the text is none.</returns>
    public static bool TryParse(Type type, string text, out object? value)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        bool good;
        (good, value) = Inner(type) switch
        {
            Type t when t == typeof(string) => (true, text),
            Type t when t == typeof(bool) => (bool.TryParse(text, out bool flag), flag),
            Type t when t == typeof(int) => (int.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out int number), number),
            Type t when t == typeof(long) => (long.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out long number), number),
            Type t when t == typeof(double) => (double.TryParse(text, NumberStyles.Float, invariant, out double number), number),
            Type t when t == typeof(TimeSpan) => (TryParseDuration(text, out TimeSpan duration), duration),
            Type t when t == typeof(IPAddress) => (IPAddress.TryParse(text, out IPAddress? address), address),
            Type t when t == typeof(Uri) => (Uri.TryCreate(text, UriKind.Absolute, out Uri? address), address),
            Type t => (TryParseName(t, text, out object? member), member),
        };
        return good;
    }

    public static string Format(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        TimeSpan duration => Format(duration),
        Enum member => Name(member),
        IReadOnlyDictionary<string, LogLevel> map => string.Join(", ", map.Select(pair => $"{pair.Key}={Format(pair.Value)}")),
        IEnumerable<string> list => string.Join(":", list),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>What may stand in a setting, by its type and the rules beside it.</summary>
    public static string Allowed(PropertyInfo property)
    {
        Type type = Inner(property.PropertyType);
        return property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{Bound(range, range.Minimum)} to {Bound(range, range.Maximum)}"
            : property.GetCustomAttribute<AllowedValuesAttribute>() is { } values ? string.Join(", ", values.Values)
            : property.GetCustomAttribute<RegularExpressionAttribute>() is { ErrorMessage: { } message }
                ? message[(message.IndexOf(" is ", StringComparison.Ordinal) + 4)..].TrimEnd('.')
            : type.IsEnum ? string.Join(", ", Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(one => Name((Enum)Enum.ToObject(type, one))))
            : type == typeof(bool) ? "true, false"
            : type == typeof(int) || type == typeof(long) || type == typeof(double) ? "a number"
            : type == typeof(TimeSpan) ? "a duration such as 30s, 5min, 2h or 30d"
            : type == typeof(IPAddress) ? "an IP address"
            : type == typeof(Uri) ? "an address with http or https"
            : IsMap(type) ? "a level for each name"
            : IsList(type) ? "a list of texts"
            : "text";
    }

    private static string Bound(RangeAttribute range, object bound) =>
        range.OperandType == typeof(TimeSpan) ? Format(TimeSpan.Parse((string)bound, CultureInfo.InvariantCulture)) : Format(bound);

    private static Type Inner(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static string Name(Enum member) => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString());

    private static bool TryParseName(Type type, string text, out object? member)
    {
        member = type.IsEnum ? Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(one => Enum.ToObject(type, one))
            .FirstOrDefault(one => Name((Enum)one).Equals(text, StringComparison.OrdinalIgnoreCase)) : null;
        return member is not null;
    }

    private static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = default;
        string digits = string.Concat(text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.'));
        string unit = text[digits.Length..].Trim();
        if (Units.FirstOrDefault(one => one.Unit == unit) is not { Unit: not null } known
            || !double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            || number > TimeSpan.MaxValue / known.Length)
        {
            return text == "0";
        }

        duration = number * known.Length;
        return true;
    }

    private static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0";
        }

        (string unit, TimeSpan length) = Units.FirstOrDefault(one => duration.Ticks % one.Length.Ticks == 0, Units[^1]);
        return (duration / length).ToString(CultureInfo.InvariantCulture) + unit;
    }
}
