namespace MedGen.Cli.Connections;

/// <summary>What a host in this process does with a data folder.</summary>
internal enum DataUse
{
    /// <summary>It gets one that is removed afterwards, unless <c>--data-dir</c> names one.</summary>
    Temporary,

    /// <summary>It uses that of <c>medgen serve</c>, or the one named, goes on with what waits there, and writes.</summary>
    Work,

    /// <summary>
    /// As <see cref="Work"/>, but it only looks: nothing in the folder is made, changed or deleted, and no job runs. Where there is no folder, there
    /// is nothing to see.
    /// </summary>
    Look,
}
