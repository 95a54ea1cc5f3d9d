namespace MediatR;

/// <summary>A request with a response.</summary>
/// <typeparam name="TResponse">The response.</typeparam>
public interface IRequest<out TResponse> : IBaseRequest
{
}
