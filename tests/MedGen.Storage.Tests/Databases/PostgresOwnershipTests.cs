namespace MedGen.Storage.Tests.Databases;

[Long]
public sealed class PostgresOwnershipTests() : OwnershipTests(PostgresTestDatabase.New());
