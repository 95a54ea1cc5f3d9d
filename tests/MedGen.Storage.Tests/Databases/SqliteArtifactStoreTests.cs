namespace MedGen.Storage.Tests.Databases;

public sealed class SqliteArtifactStoreTests() : ArtifactStoreTests(TestDatabase.Sqlite);
