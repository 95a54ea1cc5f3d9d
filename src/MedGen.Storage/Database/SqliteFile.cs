using MedGen.Sdk.Errors;
using Microsoft.Data.Sqlite;

namespace MedGen.Storage.Database;

/// <summary>What is to be known of a database as a file: how it is opened for reading alone, and what its damage looks like.</summary>
internal static class SqliteFile
{
    public const int Corrupt = 11;
    private const int ReadOnlyFile = 8;
    private const int InputOutput = 10;
    private const int CannotOpen = 14;
    private const int NoDatabase = 26;

    /// <summary>
    /// A connection string that reads and makes no file. Without a write-ahead log of a crash the file is opened as one that does not change, which
    /// needs no log and no index of it; whoever uses this keeps writers out by the folder's lock.
    /// </summary>
    public static string ReadOnly(string path)
    {
        FileInfo log = new(path + "-wal");
        string source = log.Exists && log.Length > 0 ? path : new Uri(path).AbsoluteUri + "?immutable=1";
        return new SqliteConnectionStringBuilder { DataSource = source, Mode = SqliteOpenMode.ReadOnly }.ToString();
    }

    /// <summary>Reads one state of a database that no host has open, and changes nothing there.</summary>
    /// <exception cref="DataLossException">The file is no database, or is damaged.</exception>
    public static T Read<T>(string path, Func<StoreSession, T> read)
    {
        try
        {
            using SqliteConnection connection = new(ReadOnly(path) + ";Pooling=False");
            connection.Open();
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
            return read(new StoreSession(connection, transaction));
        }
        catch (SqliteException exception) when (IsDamage(exception))
        {
            throw Damaged(path, exception);
        }
    }

    public static bool IsDamage(SqliteException exception) => exception.SqliteErrorCode is Corrupt or NoDatabase;

    /// <summary>Whether the disk does not take a write: its file system is read-only, or it fails.</summary>
    public static bool IsRefusedByDisk(SqliteException exception) => exception.SqliteErrorCode is ReadOnlyFile or InputOutput or CannotOpen;

    public static DataLossException Damaged(string path, SqliteException exception) => new(
        "DATABASE_DAMAGED",
        $"The database '{path}' is damaged ({exception.Message.TrimEnd('.')}). Stop the host, keep a copy of the whole folder, and run "
            + "'medgen store repair --from BACKUP'; without a backup 'sqlite3 medgen.db .recover' may save most of it. Do not start anew without a "
            + "database: the stored files would have no records.",
        exception);
}
