namespace MedGen.Storage.Tests.Databases;

[Long]
public sealed class ClusterJobStoreTests() : JobStoreTests(ClusterTestDatabase.New());
