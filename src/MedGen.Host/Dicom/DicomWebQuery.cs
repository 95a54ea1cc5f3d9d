using System.Globalization;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Dicom;

/// <summary>Reads the parameters of a search (PS3.18, 8.3.4). What they state is used, or refused by name.</summary>
internal static class DicomWebQuery
{
    public static DicomQuery Read(IQueryCollection parameters, DicomLevel level, string? study, string? series, out bool isFuzzy)
    {
        Violations violations = new();
        DicomQuery query = new() { Level = level, Study = study, Series = series };
        Dictionary<DicomTag, string> match = [];
        isFuzzy = false;
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in parameters)
        {
            string value = values.ToString();
            switch (name)
            {
                case "limit":
                    query = query with { Limit = Number(name, value, violations) };
                    break;
                case "offset":
                    query = query with { Offset = Number(name, value, violations) };
                    break;
                case "fuzzymatching":
                    isFuzzy = value == "true";
                    break;
                case "includefield":
                    break; // all that is known here is always given
                case "emptyvaluematching" or "multiplevaluematching" when value == "false":
                    break;
                default:
                    if (DicomQuery.TagOf(name) is { } tag)
                    {
                        match[tag] = value;
                    }
                    else
                    {
                        violations.Add("query", $"got a parameter of another name", $"attributes, limit, offset, includefield, fuzzymatching");
                    }

                    break;
            }
        }

        violations.ThrowIfAny();
        return query with { Match = match };
    }

    private static int Number(string name, string text, Violations violations)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number;
        }

        violations.Add(name, $"got another text", $"a whole number");
        return 1;
    }
}
