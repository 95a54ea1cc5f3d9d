using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace MedGen.Storage.Database;

/// <summary>Checks what is said of a PostgreSQL database. Its password lies in a file, since settings are shown.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PostgresServerAttribute()
    : ValidationAttribute("Host=…;Port=…;Database=…;Username=… of a PostgreSQL database, without a password")
{
    public override bool IsValid(object? value)
    {
        if (value is not string text)
        {
            return value is null;
        }

        try
        {
            return new NpgsqlConnectionStringBuilder(text) is { Host.Length: > 0, Database.Length: > 0, Username.Length: > 0, Password: null };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
