namespace MedGen.Storage.Tests.Databases;

[Long]
public sealed class ClusterArtifactStoreTests() : ArtifactStoreTests(ClusterTestDatabase.New());
