namespace MedGen.Storage.Tests.Databases;

[Long]
public sealed class PostgresJobStoreTests() : JobStoreTests(PostgresTestDatabase.New());
