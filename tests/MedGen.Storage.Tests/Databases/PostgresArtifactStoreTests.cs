namespace MedGen.Storage.Tests.Databases;

[Long]
public sealed class PostgresArtifactStoreTests() : ArtifactStoreTests(PostgresServer.NewDatabase());
