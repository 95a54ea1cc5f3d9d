using MedGen.Storage.Tests.Erasure;

namespace MedGen.Storage.Tests.Databases;

[Long]
public sealed class PostgresStoreErasureTests() : StoreErasureTests(PostgresTestDatabase.New());
