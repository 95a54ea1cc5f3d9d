using System.Data.Common;
using Npgsql;

namespace MedGen.Storage.Tests.Databases;

/// <summary>A database of Debian's PostgreSQL server.</summary>
internal class PostgresTestDatabase(string connectionString, string passwordFile) : TestDatabase
{
    public override IReadOnlyList<(string Thing, string Reason)> NotReached => [("database", "NOT_OVERWRITTEN")];

    /// <summary>A new, empty database; the test is skipped where the server is not installed.</summary>
    public static PostgresTestDatabase New() => On(PostgresServer.OfAll);

    public static PostgresTestDatabase On(PostgresServer server) => new(server.CreateDatabase(), server.PasswordFile);

    public override void Configure(MedGenStorageOptions options) =>
        (options.Database, options.DatabasePasswordFile) = (connectionString, passwordFile);

    public override void Check(string folder)
    {
        // The command is for SQLite alone.
    }

    protected override DbConnection Open(string folder)
    {
        NpgsqlConnection connection = new($"{connectionString};Password={File.ReadAllText(passwordFile).Trim()};Pooling=false");
        connection.Open();
        return connection;
    }

    protected override string Adapt(string sql) => sql
        .Replace("TRIGGER audit_no_update", "TRIGGER audit_no_update ON audit", StringComparison.Ordinal)
        .Replace("TRIGGER audit_no_delete", "TRIGGER audit_no_delete ON audit", StringComparison.Ordinal);
}
