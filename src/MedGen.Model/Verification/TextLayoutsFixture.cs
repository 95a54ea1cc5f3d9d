using MedGen.Model.Checkpoints;
using MedGen.Model.TextEncoders;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>A text encoder in other forms of file: <c>ids, mask</c> → <c>&lt;file&gt;.out</c>, of which rows of real tokens are compared.</summary>
internal sealed class TextLayoutsFixture : IPartFixture
{
    public string Part => "text_layouts";

    public bool Recognises(FixtureFolder folder) => folder.Has("ids") && folder.Has("mask");

    public void Run(FixtureFolder folder, VerificationReport report)
    {
        foreach (string path in LayoutsFixture.FilesOf(folder).Where(path => folder.Has($"{Path.GetFileNameWithoutExtension(path)}.out")))
        {
            report.Try(Path.GetFileName(path), () => RunFile(folder, path, report));
        }
    }

    private static void RunFile(FixtureFolder folder, string path, VerificationReport report)
    {
        string name = $"{Path.GetFileNameWithoutExtension(path)}.out";
        string config = folder.PathOf("config.json");
        using UMT5Encoder encoder = ModelFolder.LoadTextEncoder([path], File.Exists(config) ? config : null, CPU, ScalarType.Float32);
        Tensor mask = folder["mask"].to_type(ScalarType.Int64); // [B, L]
        Tensor output = encoder.Encode(folder["ids"].to_type(ScalarType.Int64), mask); // [B, L, dim]
        for (long row = 0; row < output.size(0); row++)
        {
            long length = mask[row].sum().item<long>();
            report.Compare(
                $"{name}[{row}]", output[row].narrow(0, 0, length), folder[name][row].narrow(0, 0, length), VerificationTolerances.Output);
        }
    }
}
