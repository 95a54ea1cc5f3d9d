using System.Text.Json;
using MedGen.Application.Jobs;

namespace MedGen.Storage.Database;

/// <summary>Single values that belong to the installation and not to a job or an artifact.</summary>
internal static class Facts
{
    /// <returns>The value; the default: it was never written.</returns>
    public static T? Find<T>(StoreSession session, string name) =>
        session.Scalar<string>("SELECT document FROM facts WHERE name = @name", ("@name", name)) is { } document
            ? JsonSerializer.Deserialize<T>(document, JobJson.Options)
            : default;

    public static void Write<T>(StoreSession session, string name, T value) => session.Execute(
        "INSERT INTO facts (name, document) VALUES (@name, @document) ON CONFLICT (name) DO UPDATE SET document = excluded.document",
        ("@name", name),
        ("@document", JsonSerializer.Serialize(value, JobJson.Options)));
}
