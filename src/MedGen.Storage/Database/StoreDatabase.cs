using System.Data.Common;
using System.Diagnostics;
using MedGen.Sdk.Errors;
using MedGen.Storage.Disks;
using Microsoft.Extensions.Logging;

namespace MedGen.Storage.Database;

/// <summary>
/// The database: any number of readers beside one writer at a time. A write is one transaction, on disk when it returns, so a killed process leaves
/// either all of it or nothing. The statements of this project are the same for every database; what each does in its own way is here to override.
/// </summary>
internal abstract class StoreDatabase(DataFolder folder, StoreSpace space, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _writer = new(1);

    /// <summary>Whether what is deleted is overwritten where it was stored.</summary>
    public abstract bool OverwritesDeleted { get; }

    protected DataFolder Folder => folder;

    protected ILogger Logger => logger;

    /// <summary>Reads one state of the database.</summary>
    /// <exception cref="DataLossException">The database is damaged (<c>DATABASE_DAMAGED</c>).</exception>
    /// <exception cref="ResourceExhaustedException">The database does not answer (<c>DATABASE_UNAVAILABLE</c>).</exception>
    public T Read<T>(Func<StoreSession, T> read) => Read(read, isTransaction: true);

    /// <summary>
    /// Reads with one statement, which sees one state by itself; or with several that need not see the same. It saves the way to the server and back
    /// that ends a transaction.
    /// </summary>
    /// <exception cref="DataLossException">The database is damaged (<c>DATABASE_DAMAGED</c>).</exception>
    /// <exception cref="ResourceExhaustedException">The database does not answer (<c>DATABASE_UNAVAILABLE</c>).</exception>
    public T ReadOne<T>(Func<StoreSession, T> read) => Read(read, isTransaction: false);

    /// <summary>Runs a write as one transaction; an exception undoes all of it.</summary>
    /// <exception cref="ResourceExhaustedException">
    /// The disk is full (<c>DISK_FULL</c>) or cannot be written to (<c>DISK_NOT_WRITABLE</c>), or the database does not answer
    /// (<c>DATABASE_UNAVAILABLE</c>).
    /// </exception>
    /// <exception cref="DataLossException">The database is damaged (<c>DATABASE_DAMAGED</c>).</exception>
    /// <exception cref="FailedPreconditionException">The data folder is only looked at (<c>DATA_FOLDER_READ_ONLY</c>).</exception>
    public Task<T> WriteAsync<T>(Func<StoreSession, T> write, CancellationToken cancellationToken) =>
        WriteAsync(write, mayUseReserve: false, cancellationToken);

    /// <summary>
    /// As <see cref="WriteAsync{T}(Func{StoreSession, T}, CancellationToken)"/>, for what frees space or has to be on record: on a full disk the
    /// reserve is given up, and it is tried once more.
    /// </summary>
    public Task<T> WriteUrgentAsync<T>(Func<StoreSession, T> write, CancellationToken cancellationToken) =>
        WriteAsync(write, mayUseReserve: true, cancellationToken);

    /// <summary>As <see cref="WriteUrgentAsync"/>; traces of what the write deletes are removed as far as the database can.</summary>
    public async Task<T> EraseAsync<T>(Func<StoreSession, T> write, CancellationToken cancellationToken)
    {
        T result = await WriteUrgentAsync(write, cancellationToken).ConfigureAwait(false);
        await _writer.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            RemoveTraces();
        }
        finally
        {
            _writer.Release();
        }

        return result;
    }

    /// <summary>Looks at the database when the host starts, in bounded time.</summary>
    /// <exception cref="DataLossException">It is damaged (<c>DATABASE_DAMAGED</c>).</exception>
    public abstract void Check();

    /// <inheritdoc />
    public virtual void Dispose() => _writer.Dispose();

    /// <summary>An open connection.</summary>
    protected abstract DbConnection Connect();

    /// <summary>Begins to read one state.</summary>
    protected abstract DbTransaction BeginRead(DbConnection connection);

    /// <summary>
    /// Refuses a write of a host whose place another one has taken. A file in the data folder needs no more than the folder's lock.
    /// </summary>
    /// <exception cref="FailedPreconditionException">The database is another host's now (<c>DATABASE_IN_USE</c>).</exception>
    protected virtual void RequireOwner(StoreSession session)
    {
    }

    /// <summary>What a caller is told of a database's error; null: it is a defect of this program.</summary>
    protected abstract MedGenException? Translate(DbException exception, bool isWrite);

    /// <summary>
    /// What a caller is told when a commit failed in such a way that nobody knows whether it holds; null: it does not.
    /// </summary>
    protected virtual MedGenException? TranslateLostAnswer(DbException exception) => null;

    /// <summary>Empties what the database keeps of deleted rows elsewhere. Nobody writes meanwhile.</summary>
    protected abstract void RemoveTraces();

    private T Read<T>(Func<StoreSession, T> read, bool isTransaction)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            using DbConnection connection = Connect();
            using DbTransaction? transaction = isTransaction ? BeginRead(connection) : null;
            return read(new StoreSession(connection, transaction));
        }
        catch (DbException exception) when (Translate(exception, isWrite: false) is { } told)
        {
            throw told;
        }
        finally
        {
            Record("read", started);
        }
    }

    private async Task<T> WriteAsync<T>(Func<StoreSession, T> write, bool mayUseReserve, CancellationToken cancellationToken)
    {
        if (folder.IsReadOnly)
        {
            throw new FailedPreconditionException("DATA_FOLDER_READ_ONLY", "This host only looks at its data folder; nothing can be changed here.");
        }

        long started = Stopwatch.GetTimestamp();
        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            try
            {
                return Write(write);
            }
            catch (ResourceExhaustedException exception) when (mayUseReserve && exception.Reason == "DISK_FULL" && space.ReleaseReserve())
            {
                Log.ReserveReleased(logger);
                T result = Write(write);
                space.KeepReserve();
                return result;
            }
        }
        finally
        {
            _writer.Release();
            Record("write", started);
        }
    }

    private T Write<T>(Func<StoreSession, T> write)
    {
        try
        {
            using DbConnection connection = Connect();
            using DbTransaction transaction = connection.BeginTransaction();
            StoreSession session = new(connection, transaction);
            T result;
            bool isCommitting = false;
            try
            {
                RequireOwner(session);
                result = write(session);
                isCommitting = true;
                transaction.Commit();
            }
            catch (DbException exception) when (isCommitting && TranslateLostAnswer(exception) is { } told)
            {
                // Files stay as they are: the next start, which asks the records, knows them by their announcements.
                throw told;
            }
            catch
            {
                session.Rollback();
                throw;
            }

            session.Committed();
            return result;
        }
        catch (DbException exception) when (Translate(exception, isWrite: true) is { } told)
        {
            throw told;
        }
    }

    private static void Record(string operation, long started) => StorageDiagnostics.TransactionDuration.Record(
        Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("operation", operation));
}
