using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MedGen.Storage.Database;

/// <summary>Statements within one transaction, or each by itself where there is none. Values always travel as parameters.</summary>
internal sealed class StoreSession(DbConnection connection, DbTransaction? transaction)
{
    private readonly List<Action> _afterCommit = [];
    private readonly List<Action> _afterRollback = [];

    /// <summary>Does something, such as deleting a file, once the transaction holds, before the next write begins.</summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);

    /// <summary>Takes something back, such as a file, if the transaction is undone, before the next write begins.</summary>
    public void AfterRollback(Action action) => _afterRollback.Add(action);

    /// <summary>Runs what waited for the commit.</summary>
    public void Committed() => _afterCommit.ForEach(action => action());

    /// <summary>Undoes the transaction.</summary>
    public void Rollback()
    {
        transaction?.Dispose();
        _afterRollback.ForEach(action => action());
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>Number of rows that it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using DbCommand command = Prepare(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row.</summary>
    /// <returns>The value; the default when there is no row or the value is null.</returns>
    public T? Scalar<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using DbCommand command = Prepare(sql, parameters);
        object? value = command.ExecuteScalar();
        return value is null or DBNull ? default : (T)Convert.ChangeType(value, typeof(T), CultureInfo.InvariantCulture);
    }

    /// <summary>The first column of the first row of the last of several statements, which take one way to the server.</summary>
    /// <returns>The value.</returns>
    public int LastScalar(string sql)
    {
        using DbCommand command = Prepare(sql, []);
        using DbDataReader reader = command.ExecuteReader();
        int value = 0;
        do
        {
            while (reader.Read())
            {
                value = reader.GetValue(0) is int number ? number : 0;
            }
        }
        while (reader.NextResult());
        return value;
    }

    /// <summary>All rows.</summary>
    public List<T> Query<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using DbCommand command = Prepare(sql, parameters);
        using DbDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    [SuppressMessage("Security", "CA2100", Justification = "The statements are constants of this project; values are parameters.")]
    private DbCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        DbCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach ((string name, object? value) in parameters)
        {
            DbParameter parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
