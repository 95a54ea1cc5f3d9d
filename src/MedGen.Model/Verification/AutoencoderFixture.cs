using System.Text.Json;
using System.Text.Json.Nodes;
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
        foreach (FixtureWeights weights in folder.Weights)
        {
            string label = weights.Label;
            report.Try(label, () =>
            {
                using WanAutoencoder autoencoder = ModelFolder.LoadAutoencoder(
                    weights.Files, shapes => Configure(folder, weights, shapes), CPU, ScalarType.Float32);
                CompareIfThere(folder, report, "scale.mean", label, tensor(autoencoder.Config.LatentMean.ToArray()));
                CompareIfThere(folder, report, "scale.std", label, tensor(autoencoder.Config.LatentStd.ToArray()));
                CompareIfThere(folder, report, "scale.inv_std", label, tensor(autoencoder.Config.LatentStd.Select(std => 1 / std).ToArray()));
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

    // The statistics of the latent are in no weight; where no config states them, the cases may.
    private static WanAutoencoderConfig Configure(
        FixtureFolder folder, FixtureWeights weights, IReadOnlyDictionary<string, IReadOnlyList<long>> shapes)
    {
        JsonObject json = weights.Config is null ? [] : JsonNode.Parse(File.ReadAllBytes(weights.Config))!.AsObject();
        AddStatistics("scale.mean", "mean", "latents_mean");
        AddStatistics("scale.std", "std", "latents_std");
        string fileName = weights.Config is null ? weights.Label : Path.GetFileName(weights.Config);
        return WanAutoencoderConfig.FromJson(JsonSerializer.SerializeToElement(json), fileName, shapes);

        void AddStatistics(string tensor, string key, string diffusersKey)
        {
            if (!json.ContainsKey(key) && !json.ContainsKey(diffusersKey) && folder.Has(tensor))
            {
                json[key] = JsonSerializer.SerializeToNode(folder[tensor].to_type(ScalarType.Float32).data<float>().ToArray());
            }
        }
    }

    private static void Encode(FixtureFolder folder, WanAutoencoder autoencoder, string name, string label, VerificationReport report)
    {
        // The reference drops frames behind the last whole group of four without a word.
        Tensor video = folder[$"{name}.x"];
        report.Compare($"{name}.mu [{label}]", autoencoder.Encode(video, dropIncomplete: true), folder[$"{name}.mu"], VerificationTolerances.Output);
        Tensor features = autoencoder.EncodeFeatures(
            video,
            dropIncomplete: true,
            observe: (chunk, layer, actual) => CompareIfThere(folder, report, $"{name}.dbg.chunk{chunk}.{layer}", label, actual));
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
