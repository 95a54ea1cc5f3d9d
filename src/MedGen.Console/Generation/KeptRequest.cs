namespace MedGen.WebConsole.Generation;

/// <summary>A request as a browser's tab keeps it, sealed by the host: jobs do not give their prompts back.</summary>
/// <param name="Source">What the clip was made from.</param>
/// <param name="Form">What was filled in.</param>
public sealed record KeptRequest(GenerationSource Source, GenerationForm Form);
