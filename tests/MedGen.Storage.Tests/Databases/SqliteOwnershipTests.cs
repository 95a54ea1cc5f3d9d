namespace MedGen.Storage.Tests.Databases;

public sealed class SqliteOwnershipTests() : OwnershipTests(TestDatabase.Sqlite);
