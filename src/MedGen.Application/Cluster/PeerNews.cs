namespace MedGen.Application.Cluster;

/// <summary>What a host tells the others. It carries ids and hashes only, never what was asked or made.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Subject">Id of the job, or hash of the content.</param>
public readonly record struct PeerNews(PeerNewsKind Kind, string Subject);
