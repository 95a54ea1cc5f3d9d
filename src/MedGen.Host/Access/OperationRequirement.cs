using MedGen.Application.Access;
using MedGen.WebConsole;
using MedGen.Sdk.Errors;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Authorization;

namespace MedGen.Host.Access;

/// <summary>The policy in force lets the caller ask for the endpoint's operation. An endpoint that names none is for nobody.</summary>
internal sealed class OperationRequirement : IAuthorizationRequirement
{
    /// <summary>Name of an endpoint's operation: its RPC, also where that is served as JSON, or what its route states; null: it has none.</summary>
    public static string? OperationOf(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<OperationAttribute>()?.Name
        ?? endpoint?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.Name;

    /// <summary>Makes sure that a caller may ask for an endpoint's operation.</summary>
    /// <exception cref="AccessDeniedException">It is not for this caller.</exception>
    public static void Require(AccessPolicy policy, Caller caller, Endpoint? endpoint)
    {
        // A page of the console sends messages, each of which is judged by itself.
        if (OperationOf(endpoint) is { } operation)
        {
            policy.Require(caller, operation);
        }
        else if (endpoint?.Metadata.GetMetadata<ConsoleEndpoint>() is null)
        {
            policy.Require(caller, "This");
        }
    }
}

internal sealed class OperationRequirementHandler(AccessDirectory directory) : AuthorizationHandler<OperationRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, OperationRequirement requirement)
    {
        if (context is { Resource: HttpContext http, User.Identity: CallerIdentity { Caller: var caller } })
        {
            // Without an endpoint there is nothing to guard: the answer is that there is none.
            if (http.GetEndpoint() is not { } endpoint)
            {
                context.Succeed(requirement);
                return Task.CompletedTask;
            }

            try
            {
                OperationRequirement.Require(directory.Current, caller, endpoint);
                context.Succeed(requirement);
            }
            catch (AccessDeniedException refusal)
            {
                context.Fail(new AuthorizationFailureReason(this, refusal.Message));
            }
        }

        return Task.CompletedTask;
    }
}
