using MedGen.Storage.Tests.Databases;

// When the process ends there is too little time: the runner gives its threads ten seconds.
[assembly: AssemblyFixture(typeof(ServersOfTheRun))]

namespace MedGen.Storage.Tests.Databases;

/// <summary>Stops the servers once the last test has ended.</summary>
public sealed class ServersOfTheRun : IDisposable
{
    public void Dispose()
    {
        PostgresServer.StopShared();
        NatsServer.StopShared();
        S3Server.StopShared();
    }
}
