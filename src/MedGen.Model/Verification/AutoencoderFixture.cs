using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>Cases <c>&lt;case&gt;.x</c> → <c>.mu</c> (encode) and <c>&lt;case&gt;.z</c> → <c>.out</c> (decode), with what lies between.</summary>
internal sealed class AutoencoderFixture : IPartFixture
{
    public string Part => "vae";

    public bool Recognises(FixtureFolder folder) => folder.Matches(@"^.+\.(mu|z)$").Count > 0;

    public void Run(FixtureFolder folder, VerificationReport report)
    {
        foreach (string file in folder.WeightFiles)
        {
            string label = Path.GetFileName(file);
            report.Try(label, () =>
            {
                using WanAutoencoder autoencoder = ModelFolder.LoadAutoencoder(file, folder.ConfigOf(file), CPU, ScalarType.Float32);
                foreach (string name in folder.Matches(@"^(.+)\.x$").Select(match => match.Groups[1].Value))
                {
                    report.Try($"{name} [{label}]", () => Encode(folder, autoencoder, name, label, report));
                }

                foreach (string name in folder.Matches(@"^(.+)\.z$").Select(match => match.Groups[1].Value))
                {
                    report.Try($"{name} [{label}]", () => Decode(folder, autoencoder, name, label, report));
                }
            });
        }
    }

    private static void Encode(FixtureFolder folder, WanAutoencoder autoencoder, string name, string label, VerificationReport report)
    {
        // The reference drops frames behind the last whole group of four without a word.
        Tensor video = folder[$"{name}.x"];
        report.Compare($"{name}.mu [{label}]", autoencoder.Encode(video, dropIncomplete: true), folder[$"{name}.mu"], VerificationTolerances.Output);
        Tensor features = autoencoder.EncodeFeatures(video, dropIncomplete: true);
        (Tensor mean, Tensor logVariance) = autoencoder.Moments(features);
        CompareIfThere(folder, report, $"{name}.encoder_out", label, features);
        CompareIfThere(folder, report, $"{name}.mu_raw", label, mean);
        CompareIfThere(folder, report, $"{name}.logvar_raw", label, logVariance);
    }

    private static void Decode(FixtureFolder folder, WanAutoencoder autoencoder, string name, string label, VerificationReport report)
    {
        Tensor latents = folder[$"{name}.z"];
        report.Compare($"{name}.out [{label}]", autoencoder.Decode(latents), folder[$"{name}.out"], VerificationTolerances.Output);
        CompareIfThere(folder, report, $"{name}.dbg.conv2", label, autoencoder.Unscale(latents));
        int chunk = 0;
        foreach (Tensor _ in autoencoder.DecodeChunks(
            latents, (layer, actual) => CompareIfThere(folder, report, $"{name}.dbg.chunk{chunk}.{layer}", label, actual)))
        {
            chunk++;
        }
    }

    private static void CompareIfThere(FixtureFolder folder, VerificationReport report, string tensor, string label, Tensor actual)
    {
        if (folder.Has(tensor))
        {
            report.Compare($"{tensor} [{label}]", actual, folder[tensor], VerificationTolerances.Output);
        }
    }
}
