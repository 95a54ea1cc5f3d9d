using MedGen.Model.Checkpoints;
using MedGen.Model.Transformers;
using MedGen.Training.Export;
using MedGen.Training.Optimization;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Generation;

/// <summary>
/// A model whose transformer has the weights that training starts from; everything else is the model's own. Lies in a temporary folder while it is
/// used.
/// </summary>
internal sealed class UntrainedModel : IDisposable
{
    private readonly string _path;

    private UntrainedModel(string path)
    {
        _path = path;
        Folder = ModelFolder.Open(path);
    }

    /// <summary>The folder.</summary>
    public ModelFolder Folder { get; }

    /// <summary>Makes one.</summary>
    /// <param name="trained">The trained model.</param>
    public static UntrainedModel Of(ModelFolder trained)
    {
        string path = Directory.CreateTempSubdirectory("medgen-untrained-").FullName;
        using var scope = NewDisposeScope();
        ModelFolderWriter writer = new(path, $"{trained.Name}-untrained");
        writer.Adopt(trained.Files, transformer: false, text: true, autoencoder: true);
        using WanTransformer transformer = trained.OpenTransformer(CPU, ScalarType.Float32);
        writer.WriteTransformer(InitialWeights.Transformer(transformer.Config, seed: 0), transformer.Config);
        return new UntrainedModel(path);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_path, recursive: true);
}
