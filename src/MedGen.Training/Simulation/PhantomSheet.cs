using MedGen.Sdk.Frames;
using MedGen.Media;
using MedGen.Phantoms;
using MedGen.Training.Running;

namespace MedGen.Training.Simulation;

/// <summary>A contact sheet of all kinds: one row a kind, some patients, frames of each side by side.</summary>
public static class PhantomSheet
{
    private const int Side = 96;
    private const int Patients = 4;
    private static readonly int[] Shown = [6, 10]; // of 17: contrast medium fills the vessels then

    /// <summary>Writes the sheet.</summary>
    /// <param name="path">PNG file.</param>
    /// <param name="seed">Seed of the first patient.</param>
    /// <param name="cancellationToken">Stops between clips.</param>
    /// <returns>The kinds, row by row.</returns>
    public static IReadOnlyList<string> Write(string path, int seed, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var rows = new List<IReadOnlyList<ReadOnlyMemory<byte>>>();
        foreach (IPhantom phantom in PhantomCatalog.All)
        {
            var row = new List<ReadOnlyMemory<byte>>();
            for (int patient = 0; patient < Patients; patient++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                PhantomClip clip = phantom.Simulate(new PhantomRequest { Seed = seed + patient, Width = Side, Height = Side });
                foreach ((int index, VideoFrame frame) in clip.Frames.Index())
                {
                    using (frame)
                    {
                        if (Shown.Contains(index))
                        {
                            row.Add(frame.Pixels.ToArray());
                        }
                    }
                }
            }

            rows.Add(row);
        }

        SampleGrid.Write(path, rows, Side, Side, $"{SyntheticNote.SimulatedPrefix}sheet:{seed}");
        return [.. PhantomCatalog.All.Select(p => p.Kind)];
    }
}
