using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;

namespace MedGen.Application.Validation;

/// <summary>Parameters as a JSON object, which only their schema can check further, or null.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ParametersAttribute() : ValidationAttribute("a JSON object of at most 65,536 bytes, each name once")
{
    private const int MostBytes = 65_536;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public override bool IsValid(object? value) => value is null
        || (value is string text && Encoding.UTF8.GetByteCount(text) <= MostBytes && IsObject(text));

    private static bool IsObject(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
