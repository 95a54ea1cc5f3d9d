using Microsoft.Extensions.Options;
using Npgsql;

namespace MedGen.Storage.Database;

/// <summary>Whether what is said of a PostgreSQL database can be used.</summary>
internal sealed class DatabaseOptionsCheck : IValidateOptions<MedGenStorageOptions>
{
    public ValidateOptionsResult Validate(string? name, MedGenStorageOptions options)
    {
        if (options.Database is null)
        {
            return options.DatabasePasswordFile is null
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("storage.database_password_file: got one without storage.database; allowed: both.");
        }

        try
        {
            NpgsqlConnectionStringBuilder server = new(options.Database);
            return server is { Host.Length: > 0, Database.Length: > 0, Username.Length: > 0, Password: null }
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(
                    "storage.database: got a text without Host, Database or Username, or with a password; allowed: Host=…;Database=…;Username=…, and the "
                    + "password in storage.database_password_file.");
        }
        catch (ArgumentException)
        {
            // The message would repeat the text, which may hold a password.
            return ValidateOptionsResult.Fail("storage.database: got a text that is no connection string; allowed: Host=…;Database=…;Username=….");
        }
    }
}
