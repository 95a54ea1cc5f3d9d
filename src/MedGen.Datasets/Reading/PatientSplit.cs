using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Reading;

/// <summary>The one place where data is split: always by patient (or recording), never by file.</summary>
public static class PatientSplit
{
    private const int MaxNamed = 5;

    /// <summary>Refuses items of which a patient is in two splits.</summary>
    /// <param name="items">All items of a data set.</param>
    /// <exception cref="InvalidInputException">A patient is; lines and splits are named.</exception>
    public static void ThrowIfShared(IEnumerable<DatasetItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        FieldViolation[] violations =
        [
            .. from item in items
               where item.PatientId is not null && item.Split != DatasetSplit.None
               group item by item.PatientId into patient
               let first = patient.First()
               let other = patient.FirstOrDefault(item => item.Split != first.Split)
               where other is not null
               select new FieldViolation(
                   "split",
                   $"patient_id '{patient.Key}' is in {first.Split} ({Place(first)}) and in {other.Split} ({Place(other)}); a patient belongs to "
                       + "one split."),
        ];
        if (violations.Length > 0)
        {
            throw new InvalidInputException([.. violations.Take(MaxNamed)]);
        }
    }

    /// <summary>Whether a group is held out: always the same answer for a name, whatever else is in the data.</summary>
    /// <param name="group">Patient, recording or seed.</param>
    /// <param name="fraction">Share of all groups to hold out, 0 to 1.</param>
    /// <returns>Whether the hash of the name falls into the share.</returns>
    public static bool IsHeldOut(string group, double fraction) => Fraction(group) < fraction;

    /// <summary>A number from 0 to 1 that the name decides (the start of its SHA-256).</summary>
    /// <param name="name">Any text.</param>
    /// <returns>The number.</returns>
    internal static double Fraction(string name) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))) / (double)ulong.MaxValue;

    private static string Place(DatasetItem item) => item.Line > 0 ? $"line {item.Line}" : item.FileName;
}
