namespace MedGen.Storage.Tests.Databases;

[Long]
public sealed class ClusterDicomStoreTests() : DicomStoreTests(ClusterTestDatabase.New());
