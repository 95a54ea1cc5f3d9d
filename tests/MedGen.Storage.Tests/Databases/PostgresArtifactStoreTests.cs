namespace MedGen.Storage.Tests.Databases;

[Long]
public sealed class PostgresArtifactStoreTests() : ArtifactStoreTests(PostgresTestDatabase.New());
