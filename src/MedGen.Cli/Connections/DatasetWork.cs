namespace MedGen.Cli.Connections;

/// <summary>
/// What a command that works on data sets needs of a host in this process. Such a host trains adapters, too: it serves nobody else meanwhile.
/// </summary>
/// <param name="Folders">Folders that it may read data sets from and write them to.</param>
/// <param name="AdapterFolders">Where adapters come to lie that it trains; they need not be there yet.</param>
internal sealed record DatasetWork(IReadOnlyList<string> Folders, IReadOnlyList<string> AdapterFolders);
