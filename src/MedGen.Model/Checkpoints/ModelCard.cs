using System.Text.Json;
using MedGen.Abstractions.Errors;

namespace MedGen.Model.Checkpoints;

/// <summary>The optional <c>medgen.json</c> of a model folder: <c>{ "name": "wan-tiny", "trained": false }</c>.</summary>
/// <param name="Name">Name of the model; null: the folder's.</param>
/// <param name="Trained">False for random weights, whose clips are noise. Default true.</param>
internal sealed record ModelCard(string? Name = null, bool Trained = true)
{
    private const string FileName = "medgen.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    public static ModelCard Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<ModelCard>(File.ReadAllBytes(path), Options) ?? new ModelCard() : new ModelCard();
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(FileName, $"{FileName} is not as it should be ({{ \"name\": text, \"trained\": true or false }}): {exception.Message}", exception);
        }
    }
}
