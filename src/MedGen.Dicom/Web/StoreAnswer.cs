using System.Globalization;
using System.Text.Json;
using MedGen.Dicom.DataSets;

namespace MedGen.Dicom.Web;

/// <summary>The answer to a store (STOW-RS, PS3.18, annex I): which instances were taken, and which were not and why.</summary>
public sealed record StoreAnswer
{
    /// <summary>Refused: out of resources.</summary>
    public const int OutOfResources = 0xA700;

    /// <summary>Processing failure.</summary>
    public const int ProcessingFailure = 0x0110;

    /// <summary>Duplicate SOP instance.</summary>
    public const int DuplicateInstance = 0x0111;

    /// <summary>Refused: not authorised.</summary>
    public const int NotAuthorized = 0x0124;

    /// <summary>Cannot understand.</summary>
    public const int CannotUnderstand = 0xC000;

    /// <summary>Cannot understand; of those codes ours for an instance that is larger than is stored here.</summary>
    public const int TooLarge = 0xC413;

    private static readonly DicomTag FailedSequence = new(0x0008_1198);
    private static readonly DicomTag StoredSequence = new(0x0008_1199);
    private static readonly DicomTag ReferencedClass = new(0x0008_1150);
    private static readonly DicomTag ReferencedInstance = new(0x0008_1155);
    private static readonly DicomTag FailureReason = new(0x0008_1197);

    /// <summary>Those that were taken: SOP class and SOP instance.</summary>
    public IReadOnlyList<(string SopClass, string SopInstance)> Stored { get; init; } = [];

    /// <summary>Those that were not: SOP class and instance as far as they are known, and the reason as in PS3.18, table I.2-2.</summary>
    public IReadOnlyList<(string SopClass, string SopInstance, int Reason)> Failed { get; init; } = [];

    /// <summary>Whether a failure may pass by itself.</summary>
    /// <param name="reason">The reason.</param>
    /// <returns>Whether another try makes sense.</returns>
    public static bool IsPassing(int reason) => (reason & 0xFF00) == OutOfResources || reason == ProcessingFailure;

    /// <summary>Reads an answer in JSON.</summary>
    /// <param name="json">One object, or an array of one.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="Sdk.Errors.MediaException">It is not of the JSON model.</exception>
    public static StoreAnswer Read(JsonElement json)
    {
        DicomDataSet set = DicomJson.Read(json is { ValueKind: JsonValueKind.Array } && json.GetArrayLength() == 1 ? json[0] : json, "store answer");
        return new StoreAnswer
        {
            Stored = [.. set.Items(StoredSequence).Select(item => (item.Text(ReferencedClass), item.Text(ReferencedInstance)))],
            Failed =
            [
                .. set.Items(FailedSequence).Select(item =>
                    (item.Text(ReferencedClass), item.Text(ReferencedInstance), item.Whole(FailureReason) ?? ProcessingFailure)),
            ],
        };
    }

    /// <summary>Writes the answer as one object of the JSON model.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(Utf8JsonWriter writer)
    {
        DicomDataSet set = new();
        if (Failed.Count > 0)
        {
            set.SetItems(FailedSequence, [.. Failed.Select(one => Item(one.SopClass, one.SopInstance, one.Reason))]);
        }

        if (Stored.Count > 0)
        {
            set.SetItems(StoredSequence, [.. Stored.Select(one => Item(one.SopClass, one.SopInstance, reason: null))]);
        }

        DicomJson.Write(writer, set);
    }

    /// <summary>A reason as the standard writes it.</summary>
    /// <param name="reason">The reason.</param>
    /// <returns>Four hexadecimal digits.</returns>
    public static string Shown(int reason) => reason.ToString("X4", CultureInfo.InvariantCulture);

    private static DicomDataSet Item(string sopClass, string sopInstance, int? reason)
    {
        DicomDataSet item = new();
        item.SetText(ReferencedClass, sopClass);
        item.SetText(ReferencedInstance, sopInstance);
        if (reason is { } value)
        {
            item.SetShort(FailureReason, (ushort)value);
        }

        return item;
    }
}
