using System.Globalization;
using System.Text.Json;
using MedGen.Dicom.Text;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.DataSets;

/// <summary>The DICOM JSON model (PS3.18, annex F), both ways.</summary>
public static class DicomJson
{
    private const int Deepest = 32;

    /// <summary>Writes a data set as one object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="set">The data set.</param>
    /// <param name="bulkAddress">Address of a value that stays in its file, and of pixels; null: such an element has its vr alone.</param>
    public static void Write(Utf8JsonWriter writer, DicomDataSet set, Func<DicomElement, string>? bulkAddress = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(set);
        writer.WriteStartObject();
        foreach (DicomElement element in set)
        {
            writer.WriteStartObject(element.Tag.Value.ToString("X8", CultureInfo.InvariantCulture));
            writer.WriteString("vr", element.Items is null ? element.Vr.ToString() : "SQ");
            if (element.Bulk is not null || element.Fragments is not null)
            {
                if (bulkAddress is not null)
                {
                    writer.WriteString("BulkDataURI", bulkAddress(element));
                }
            }
            else if (element.Items is { } items)
            {
                WriteItems(writer, items, bulkAddress);
            }
            else if (element.Length > 0 && !(element.Vr.IsText() && set.Texts(element.Tag) is [""]))
            {
                WriteValue(writer, set, element);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads an object.</summary>
    /// <param name="json">The object.</param>
    /// <param name="name">What it is, for messages.</param>
    /// <returns>A data set whose text is UTF-8. An element that names its value by an address is without a value.</returns>
    /// <exception cref="MediaException">It is not of the model; the message names the tag.</exception>
    public static DicomDataSet Read(JsonElement json, string name) => Read(json, null, name, 0);

    private static void WriteItems(Utf8JsonWriter writer, IReadOnlyList<DicomDataSet> items, Func<DicomElement, string>? bulkAddress)
    {
        if (items.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("Value");
        foreach (DicomDataSet item in items)
        {
            Write(writer, item, bulkAddress);
        }

        writer.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter writer, DicomDataSet set, DicomElement element)
    {
        if (!element.Vr.IsText() && element.Vr is DicomVr.OB or DicomVr.OD or DicomVr.OF or DicomVr.OL or DicomVr.OV or DicomVr.OW or DicomVr.UN)
        {
            writer.WriteBase64String("InlineBinary", element.Bytes.Span);
            return;
        }

        writer.WriteStartArray("Value");
        if (element.Vr.IsText() || element.Vr == DicomVr.AT)
        {
            bool isCharacterSet = element.Tag == DicomTags.SpecificCharacterSet; // JSON is UTF-8, whatever the file was
            foreach (string text in isCharacterSet ? ["ISO_IR 192"] : set.Texts(element.Tag))
            {
                WriteText(writer, element.Vr, text);
            }
        }
        else
        {
            foreach (double number in set.Decimals(element.Tag))
            {
                WriteNumber(writer, number);
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter writer, DicomVr vr, string text)
    {
        if (text.Length == 0)
        {
            writer.WriteNullValue();
        }
        else if (vr == DicomVr.PN)
        {
            PersonName person = PersonName.Parse(text);
            writer.WriteStartObject();
            foreach ((string group, string value) in new[]
            {
                ("Alphabetic", person.Alphabetic), ("Ideographic", person.Ideographic), ("Phonetic", person.Phonetic),
            })
            {
                if (value.Length > 0)
                {
                    writer.WriteString(group, value);
                }
            }

            writer.WriteEndObject();
        }
        else if (vr is DicomVr.DS or DicomVr.IS
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
        {
            WriteNumber(writer, number);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    // Numbers that JSON does not have are written as their names, as the model allows for strings of numbers.
    private static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        if (double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static DicomDataSet Read(JsonElement json, DicomDataSet? parent, string name, int depth)
    {
        if (json.ValueKind != JsonValueKind.Object || depth > Deepest)
        {
            throw new MediaException(name, $"{name}: {json.ValueKind} at depth {depth}; an object at {Deepest} or less is needed.");
        }

        DicomDataSet set = new(parent, name);
        if (parent is null)
        {
            set.SetText(DicomTags.SpecificCharacterSet, "ISO_IR 192");
        }

        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!DicomTag.TryParse(property.Name, out DicomTag tag) || tag.Group == 0xFFFE)
            {
                throw new MediaException(name, $"{name}: a key of {property.Name.Length} characters is no tag; eight hexadecimal digits are needed.");
            }

            if (tag != DicomTags.SpecificCharacterSet)
            {
                set.Set(ReadElement(set, tag, property.Value, name, depth));
            }
        }

        return set;
    }

    private static DicomElement ReadElement(DicomDataSet set, DicomTag tag, JsonElement json, string name, int depth)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("vr", out JsonElement stated) || stated.ValueKind != JsonValueKind.String
            || !Enum.TryParse(stated.GetString(), out DicomVr vr) || !char.IsAsciiLetterUpper(stated.GetString()![0]))
        {
            throw new MediaException(name, $"{name}: {tag} states no vr of two letters.");
        }

        try
        {
            if (json.TryGetProperty("InlineBinary", out JsonElement binary))
            {
                return new DicomElement(tag, vr) { Bytes = binary.GetBytesFromBase64() };
            }

            JsonElement[] values = json.TryGetProperty("Value", out JsonElement array) ? [.. array.EnumerateArray()] : [];
            return vr == DicomVr.SQ ? new DicomElement(tag, vr) { Items = [.. values.Select(item => Read(item, set, name, depth + 1))] }
                : vr == DicomVr.AT ? new DicomElement(tag, vr) { Bytes = Tags(values) }
                : vr.WordSize() > 1 ? new DicomElement(tag, vr) { Bytes = Binary(vr, values) }
                : set.Made(tag, vr, string.Join('\\', values.Select(value => Text(vr, value))));
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            throw new MediaException(name, $"{name}: {tag} has a value that is no {vr} of the JSON model.", error);
        }
    }

    private static byte[] Tags(JsonElement[] values) => [.. values.SelectMany(value => DicomTag.TryParse(value.GetString(), out DicomTag tag)
        ? (byte[])[.. BitConverter.GetBytes(tag.Group), .. BitConverter.GetBytes(tag.Element)]
        : throw new FormatException())];

    private static byte[] Binary(DicomVr vr, JsonElement[] values) => [.. values.SelectMany(value =>
    {
        if (vr is DicomVr.SV or DicomVr.UV && value.ValueKind == JsonValueKind.Number)
        {
            return vr == DicomVr.SV ? BitConverter.GetBytes(value.GetInt64()) : BitConverter.GetBytes(value.GetUInt64());
        }

        double number = value.ValueKind == JsonValueKind.String
            ? double.Parse(value.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture)
            : value.GetDouble();
        return vr switch
        {
            DicomVr.US => BitConverter.GetBytes(checked((ushort)number)),
            DicomVr.SS => BitConverter.GetBytes(checked((short)number)),
            DicomVr.UL => BitConverter.GetBytes(checked((uint)number)),
            DicomVr.SL => BitConverter.GetBytes(checked((int)number)),
            DicomVr.FL => BitConverter.GetBytes((float)number),
            DicomVr.FD => BitConverter.GetBytes(number),
            _ => throw new FormatException(),
        };
    })];

    private static string Text(DicomVr vr, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.Object when vr == DicomVr.PN => new PersonName
        {
            Alphabetic = Group(value, "Alphabetic"), Ideographic = Group(value, "Ideographic"), Phonetic = Group(value, "Phonetic"),
        }.ToString(),
        _ => value.GetString()!,
    };

    private static string Group(JsonElement name, string group) => name.TryGetProperty(group, out JsonElement value) ? value.GetString() ?? "" : "";
}
