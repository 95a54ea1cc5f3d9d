using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;

namespace MedGen.Model.Checkpoints;

/// <summary>
/// The optional <c>medgen.json</c> of a model folder: <c>{ "name": "mini", "trained": true, "defaults": { "width": 128, "height": 128, "num_frames":
/// 17 } }</c>.
/// </summary>
/// <param name="Name">Name of the model; null: the folder's.</param>
/// <param name="Trained">False for random weights, whose clips are noise. Default true.</param>
/// <param name="Defaults">What a generation takes where a request says nothing, in the names of <see cref="GenerationDefaults"/>; null: Wan 2.1's
/// values.</param>
internal sealed record ModelCard(string? Name = null, bool Trained = true, GenerationDefaults? Defaults = null)
{
    private const string FileName = "medgen.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    public static ModelCard Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<ModelCard>(JsonFile.Bytes(path), Options) ?? new ModelCard() : new ModelCard();
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(
                FileName,
                $"{FileName} is not as it should be ({{ \"name\": text, \"trained\": true or false, \"defaults\": {{ \"width\": px, … }} }}): "
                    + $"{exception.Message}", exception);
        }
    }
}
