using MedGen.Sdk.Errors;
using Microsoft.Extensions.Options;

namespace MedGen.Application.Access;

/// <summary>
/// Which jobs and artifacts a caller may see: those of its tenant, or of itself alone where the host is set so, and those that were shared with it.
/// What a caller may not see does not exist for it.
/// </summary>
internal sealed class ItemVisibility(CallerContext context, IShareStore shares, IOptions<MedGenApplicationOptions> options)
{
    /// <summary>Takes a thing that was looked up, if the caller may see it.</summary>
    /// <param name="thing">The thing; null: there is none.</param>
    /// <param name="type">Kind of the thing, for the error.</param>
    /// <param name="id">Id of the thing, for the error.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ResourceNotFoundException">There is none, or the caller may not see it.</exception>
    public async Task<T> RequireAsync<T>(T? thing, string type, string id, CancellationToken cancellationToken)
        where T : class, IOwned
    {
        Caller caller = context.Require();
        return thing is not null
            && (ViewOf(caller).Includes(thing) || await shares.IsSharedAsync(thing.Item, caller, cancellationToken).ConfigureAwait(false))
            ? thing
            : throw new ResourceNotFoundException(type, id);
    }

    /// <summary>What the caller may see without a share.</summary>
    public ItemView View => ViewOf(context.Require());

    private ItemView ViewOf(Caller caller) => new()
    {
        Tenant = caller.IsOfAllTenants ? null : caller.Tenant,
        Owner = caller.IsOfAllTenants || caller.IsAdministrator || !options.Value.OwnersOnly ? null : caller.Name,
        Caller = caller,
    };
}
