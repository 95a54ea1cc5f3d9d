using Grpc.Core;
using Grpc.Core.Interceptors;
using MedGen.Application.Access;
using MedGen.Host.Access;

namespace MedGen.Host.Errors;

/// <summary>Around every call: its deadline goes to the messages that it sends, its errors become status codes.</summary>
internal sealed class StatusInterceptor(CallerContext callerContext, ErrorReporter errors, ILogger<StatusInterceptor> logger) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(requestStream.Check(), context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => Complete(continuation(request, responseStream.Check(), context)));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => Complete(continuation(requestStream.Check(), responseStream.Check(), context)));

    private static async Task<bool> Complete(Task call)
    {
        await call.ConfigureAwait(false);
        return true;
    }

    private async Task<TResponse> RunAsync<TResponse>(ServerCallContext context, Func<Task<TResponse>> call)
    {
        HttpContext http = context.GetHttpContext();
        MalformedRequestMiddleware.MarkReached(http);
        using IDisposable? scope = logger.BeginScope(new KeyValuePair<string, object?>[] { new("caller", callerContext.Caller?.Name) });
        try
        {
            callerContext.Deadline = context.Deadline == DateTime.MaxValue ? null : new DateTimeOffset(context.Deadline, TimeSpan.Zero);
            return await call().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not RpcException || OpenCall.RefusalOf(http) is not null)
        {
            Exception told = OpenCall.RefusalOf(http) ?? error;
            throw errors.Describe(told, context.Method, callerContext.Deadline, context.CancellationToken).ToRpcException();
        }
    }
}
