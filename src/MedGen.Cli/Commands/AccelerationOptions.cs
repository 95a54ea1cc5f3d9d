using System.CommandLine;
using MedGen.Protos.V1;

namespace MedGen.Cli.Commands;

/// <summary>Options for shortcuts of a generation.</summary>
internal sealed class AccelerationOptions
{
    private readonly Option<double?> _teaCache =
        new("--tea-cache") { Description = "TeaCache threshold, above 0, at most 1; 0.05 to 0.08 is usual. Faster, changes the frames." };
    private readonly Option<double?> _easyCache =
        new("--easy-cache") { Description = "EasyCache threshold, above 0, at most 1; 0.05 is usual. Faster, changes the frames." };
    private readonly Option<double?> _guidedShare = new("--guided-share")
    {
        Description = "Share of the steps in which guidance is computed, above 0, at most 1; default 1. Faster, changes the frames.",
    };
    private readonly Option<bool> _zeroStar = new("--cfg-zero-star") { Description = "CFG-Zero* guidance; not faster." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_teaCache);
        command.Add(_easyCache);
        command.Add(_guidedShare);
        command.Add(_zeroStar);
    }

    /// <summary>What was asked for; null: nothing.</summary>
    public GenerationAcceleration? Read(ParseResult parsed)
    {
        GenerationAcceleration asked = new()
        {
            TeaCacheThreshold = parsed.GetValue(_teaCache),
            EasyCacheThreshold = parsed.GetValue(_easyCache),
            GuidedShare = parsed.GetValue(_guidedShare),
            ZeroStarGuidance = parsed.GetValue(_zeroStar),
        };
        return asked.Equals(new GenerationAcceleration()) ? null : asked;
    }
}
