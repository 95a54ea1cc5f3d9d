using MedGen.Application.Validation;
using MedGen.Sdk.Errors;
using MediatR;

namespace MedGen.Application.Behaviors;

/// <summary>
/// Second: says everything that is wrong with a message at once, field by field, as the caller spells the fields. The rules stand beside the fields
/// as attributes; those between fields are the message's own (<see cref="ICheckedMessage"/>).
/// </summary>
internal sealed class ValidationBehavior<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        Violations violations = new();
        violations.Declared(request);
        (request as ICheckedMessage)?.Check(violations);
        violations.ThrowIfAny();
        return next(cancellationToken);
    }
}
