namespace MedGen.Storage.Tests.Databases;

public sealed class SqliteDicomStoreTests() : DicomStoreTests(TestDatabase.Sqlite);
