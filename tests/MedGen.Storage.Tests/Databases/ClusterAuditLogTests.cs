namespace MedGen.Storage.Tests.Databases;

[Long]
public sealed class ClusterAuditLogTests() : AuditLogTests(ClusterTestDatabase.New());
