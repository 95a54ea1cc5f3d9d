using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MedGen.Dicom.Tests.Web;

/// <summary>An HTTP server that gives prepared answers and keeps what was asked.</summary>
internal sealed class FakeArchive : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    private FakeArchive(int port, Func<HttpListenerRequest, byte[], (int Status, string Type, byte[] Body)> answer)
    {
        Address = new Uri($"http://127.0.0.1:{port}/dicom-web");
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _serving = ServeAsync(answer);
    }

    public Uri Address { get; }

    public List<string> Asked { get; } = [];

    public List<string?> Authorizations { get; } = [];

    public static FakeArchive Start(Func<HttpListenerRequest, byte[], (int Status, string Type, byte[] Body)> answer)
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        return new FakeArchive(port, answer);
    }

    public static (int, string, byte[]) Json(string json, int status = 200) => (status, "application/dicom+json", Encoding.UTF8.GetBytes(json));

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync(Func<HttpListenerRequest, byte[], (int Status, string Type, byte[] Body)> answer)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using MemoryStream body = new();
            await context.Request.InputStream.CopyToAsync(body);
            Asked.Add($"{context.Request.HttpMethod} {context.Request.RawUrl}");
            Authorizations.Add(context.Request.Headers["Authorization"]);
            (int status, string type, byte[] bytes) = answer(context.Request, body.ToArray());
            (context.Response.StatusCode, context.Response.ContentType) = (status, type);
            if (status == 503)
            {
                context.Response.Headers["Retry-After"] = "7";
            }

            try
            {
                context.Response.Close(bytes, willBlock: false);
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return; // the test had its answer, and is over
            }
        }
    }
}
