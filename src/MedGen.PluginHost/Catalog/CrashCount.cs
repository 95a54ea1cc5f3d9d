namespace MedGen.PluginHost.Catalog;

/// <summary>How often the process died while a version was called, since its last call that went well.</summary>
/// <param name="InAll">Times.</param>
/// <param name="Alone">Those of them with no other plugin at work.</param>
internal sealed record CrashCount(int InAll, int Alone);
