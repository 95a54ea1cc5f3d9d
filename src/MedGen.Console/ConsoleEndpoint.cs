namespace MedGen.WebConsole;

/// <summary>
/// On every address that the console has: there a browser's session counts, and nowhere else. Such an address needs a known caller and no operation;
/// the messages that a page sends are judged one by one.
/// </summary>
public sealed class ConsoleEndpoint;
