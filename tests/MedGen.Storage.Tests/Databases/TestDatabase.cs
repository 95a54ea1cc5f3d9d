using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using MedGen.Storage.Maintenance;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests.Databases;

/// <summary>The kind of database that a suite of tests runs on: each passes on every kind.</summary>
internal abstract class TestDatabase
{
    /// <summary>SQLite in the data folder.</summary>
    public static TestDatabase Sqlite { get; } = new SqliteTestDatabase();

    /// <summary>What an erasure says that it has not reached, because of this database.</summary>
    public abstract IReadOnlyList<(string Thing, string Reason)> NotReached { get; }

    public abstract void Configure(MedGenStorageOptions options);

    /// <summary>Adds what the store needs beside the database.</summary>
    public virtual void Add(IServiceCollection services)
    {
    }

    /// <summary>Checks a data folder as <c>medgen store check</c> does, where it can.</summary>
    public abstract void Check(string folder);

    /// <summary>Runs statements behind the store's back.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The statements are the tests' own.")]
    public void Run(string folder, string sql)
    {
        using DbConnection connection = Open(folder);
        using DbCommand command = connection.CreateCommand();
        command.CommandText = Adapt(sql);
        command.ExecuteNonQuery();
    }

    protected abstract DbConnection Open(string folder);

    /// <summary>Statements that are not the same everywhere.</summary>
    protected virtual string Adapt(string sql) => sql;

    private sealed class SqliteTestDatabase : TestDatabase
    {
        public override IReadOnlyList<(string Thing, string Reason)> NotReached => [];

        public override void Configure(MedGenStorageOptions options)
        {
            // As a host does that names no database.
        }

        public override void Check(string folder) => StoreCheck.Run(folder, TestContext.Current.CancellationToken).Findings.ShouldBeEmpty();

        protected override DbConnection Open(string folder)
        {
            SqliteConnection connection = new($"Data Source={Path.Combine(folder, "medgen.db")};Pooling=False");
            connection.Open();
            return connection;
        }
    }
}
