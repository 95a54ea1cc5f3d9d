namespace MedGen.Storage.Tests.Databases;

[Long]
public sealed class PostgresAuditLogTests() : AuditLogTests(PostgresTestDatabase.New());
