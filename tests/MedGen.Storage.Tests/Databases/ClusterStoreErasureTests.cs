using MedGen.Storage.Tests.Erasure;

namespace MedGen.Storage.Tests.Databases;

[Long]
public sealed class ClusterStoreErasureTests() : StoreErasureTests(ClusterTestDatabase.New());
