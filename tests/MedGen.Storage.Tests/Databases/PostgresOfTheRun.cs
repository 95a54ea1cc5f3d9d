using MedGen.Storage.Tests.Databases;

// When the process ends there is too little time: the runner gives its threads ten seconds.
[assembly: AssemblyFixture(typeof(PostgresOfTheRun))]

namespace MedGen.Storage.Tests.Databases;

/// <summary>Stops the server once the last test has ended.</summary>
public sealed class PostgresOfTheRun : IDisposable
{
    public void Dispose() => PostgresServer.StopShared();
}
