namespace MedGen.Storage.Tests.Databases;

[Long]
public sealed class PostgresDicomStoreTests() : DicomStoreTests(PostgresTestDatabase.New());
