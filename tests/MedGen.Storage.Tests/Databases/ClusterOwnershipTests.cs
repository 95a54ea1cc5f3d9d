namespace MedGen.Storage.Tests.Databases;

[Long]
public sealed class ClusterOwnershipTests() : OwnershipTests(ClusterTestDatabase.New());
