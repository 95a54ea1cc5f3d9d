namespace MedGen.Storage.Tests.Databases;

/// <summary>A cluster whose files are in a bucket of a stand-in for S3.</summary>
[Long]
public sealed class S3ArtifactStoreTests() : ArtifactStoreTests(ClusterTestDatabase.New(S3Server.OfAll));
