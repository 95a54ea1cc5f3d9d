using MedGen.Model.Checkpoints;
using MedGen.Model.TextEncoders;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>Cases <c>&lt;case&gt;.ids, .mask</c> → <c>.out</c>; rows of real tokens are compared, and inner activations row by row.</summary>
internal sealed class TextEncoderFixture : IPartFixture
{
    public string Part => "text_encoder";

    public bool Recognises(FixtureFolder folder) =>
        !folder.HasJson && folder.Matches(@"^(.+)\.ids$").Any(match => folder.Has($"{match.Groups[1].Value}.out"));

    public void Run(FixtureFolder folder, VerificationReport report)
    {
        foreach (FixtureWeights weights in folder.Weights)
        {
            string label = weights.Label;
            report.Try(label, () =>
            {
                using UMT5Encoder encoder = ModelFolder.LoadTextEncoder(weights.Files, weights.Config, CPU, ScalarType.Float32);
                foreach (string name in folder.Matches(@"^(.+)\.ids$").Select(match => match.Groups[1].Value))
                {
                    report.Try($"{name} [{label}]", () => RunCase(folder, encoder, name, label, report));
                }

                if (folder.Has("rel_bucket"))
                {
                    Tensor expected = folder["rel_bucket"];
                    Tensor actual = RelativePositions.Buckets(expected.shape[0], encoder.Config.NumBuckets, encoder.Config.MaxDistance);
                    report.Compare($"rel_bucket [{label}]", actual, expected, VerificationTolerances.Exact);
                }
            });
        }
    }

    private static void RunCase(FixtureFolder folder, UMT5Encoder encoder, string name, string label, VerificationReport report)
    {
        Tensor ids = folder[$"{name}.ids"].to_type(ScalarType.Int64); // [B, L]
        Tensor? lengths = folder.Has($"{name}.lens") ? folder[$"{name}.lens"].to_type(ScalarType.Int64) : null; // [B]
        Tensor? mask = folder.Has($"{name}.mask") ? folder[$"{name}.mask"].to_type(ScalarType.Int64)
            : lengths is not null ? (arange(ids.shape[1]).unsqueeze(0) < lengths.unsqueeze(1)).to_type(ScalarType.Int64)
            : null; // [B, L]
        if (mask is not null && lengths is not null)
        {
            report.Compare($"{name}.lens [{label}]", mask.sum(1), lengths, VerificationTolerances.Exact);
        }

        Tensor output = encoder.Encode(ids, mask);
        for (long row = 0; row < ids.shape[0]; row++)
        {
            long length = mask is null ? ids.shape[1] : mask[row].sum().item<long>();
            report.Compare(
                $"{name}.out[{row}] [{label}]", output[row].narrow(0, 0, length), folder[$"{name}.out"][row]
                    .narrow(0, 0, length), VerificationTolerances.Output);
            encoder.Forward(ids.narrow(0, row, 1).narrow(1, 0, length), (activation, actual) => CompareInner(activation, actual, row, length));
        }

        void CompareInner(string activation, Tensor actual, long row, long length)
        {
            string tensor = $"{name}.dbg.{activation}";
            if (!folder.Has(tensor))
            {
                return;
            }

            Tensor expected = folder[tensor].dim() == 4
                ? folder[tensor].narrow(2, 0, length).narrow(3, 0, length) // [1, heads, L, L]
                : folder[tensor].narrow(0, row, 1).narrow(1, 0, length); // [1, L, dim]
            report.Compare($"{tensor}[{row}] [{label}]", actual, expected, VerificationTolerances.Output);
        }
    }
}
