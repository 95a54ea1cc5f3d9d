using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;

namespace MedGen.Model.Checkpoints;

/// <summary>
/// The optional <c>medgen.json</c> of a model folder: <c>{ "name": "mini", "trained": true, "defaults": { "width": 128, "height": 128, "num_frames":
/// 17 } }</c>.
/// </summary>
/// <param name="Name">Name of the model; null: the folder's.</param>
/// <param name="License">Licence of the weights; null: not stated.</param>
/// <param name="Trained">False for random weights, whose clips are noise. Default true.</param>
/// <param name="Defaults">What a generation takes where a request says nothing, in the names of <see cref="GenerationDefaults"/>; null: Wan 2.1's
/// values.</param>
/// <param name="Files">The files of the model, wherever they lie; null: those of the folder, found by their names.</param>
internal sealed record ModelCard(
    string? Name = null, string? License = null, bool Trained = true, GenerationDefaults? Defaults = null, NamedFiles? Files = null)
{
    /// <summary>How it is called in a folder.</summary>
    public const string FileName = "medgen.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Reads a card.</summary>
    /// <param name="path">The file; where there is none, nothing is stated.</param>
    /// <exception cref="ModelFormatException">It is not JSON, or states what no card does.</exception>
    public static ModelCard Read(string path)
    {
        string name = Path.GetFileName(path);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<ModelCard>(JsonFile.Bytes(path), Options) ?? new ModelCard() : new ModelCard();
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(
                name,
                $"{name} is not as it should be ({{ \"name\": text, \"license\": text, \"trained\": true or false, "
                    + "\"defaults\": { \"width\": px, … }, "
                    + "\"files\": { \"transformer\", \"low_noise_transformer\", \"text_encoder\", \"tokenizer\", \"autoencoder\", "
                    + "\"image_encoder\": paths } }): "
                    + $"{exception.Message}", exception);
        }
    }
}
