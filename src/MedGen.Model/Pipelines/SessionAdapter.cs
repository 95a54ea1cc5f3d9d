using MedGen.Model.Adapters;

namespace MedGen.Model.Pipelines;

/// <summary>An adapter that a request names, as it is loaded. It must outlive the session.</summary>
/// <param name="Adapter">The adapter.</param>
/// <param name="Hash">Identity of its file; a checkpoint leads on only with the same.</param>
public sealed record SessionAdapter(LoraAdapter Adapter, string Hash = "");
