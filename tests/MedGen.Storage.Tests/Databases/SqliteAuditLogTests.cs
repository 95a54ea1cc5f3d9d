namespace MedGen.Storage.Tests.Databases;

public sealed class SqliteAuditLogTests() : AuditLogTests(TestDatabase.Sqlite);
