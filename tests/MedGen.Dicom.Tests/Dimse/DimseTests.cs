using System.Net;
using System.Net.Sockets;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Dimse;
using MedGen.Dicom.Tests.Web;
using MedGen.Dicom.Web;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Tests.Dimse;

/// <summary>C-STORE in and out with DCMTK's programs in the sandbox, and what is done with files of a folder.</summary>
public sealed class DimseTests : IDisposable
{
    private static readonly string[] Sent = ["prostate_dwi_slice.dcm", "tee_colour.dcm", "ct1_j2k_lossy.dcm", "ct_test_jpegls.dcm", "ct1_rle_fragments.dcm"];

    private readonly DicomFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact, Long]
    public async Task Receiver_OfWhatOurSenderSends_HasItAllWithItsSender()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/storescp"), "DCMTK is not installed (apt-get install dcmtk).");
        (int port, string spool) = (FreePort(), Directory.CreateDirectory(_folder.PathOf("spool")).FullName);
        using StoreReceiver receiver = StoreReceiver.Start(new StoreReceiverOptions { Title = "MEDGEN", Port = port, Folder = spool });
        await UntilItListensAsync(port);

        foreach (string name in Sent)
        {
            await StoreSender.SendAsync(DicomFolder.Fixture(name), "127.0.0.1", port, "MEDGEN", "ECHO5", DicomFolder.Token);
        }

        string[] files = Directory.GetFiles(spool);
        files.Length.ShouldBe(Sent.Length);
        files.ShouldAllBe(file => receiver.IsWhole(file));
        foreach (string file in files)
        {
            using DicomFile received = DicomFile.Open(file);
            received.Meta.Text(new(0x0002_0016)).ShouldBe("ECHO5");
        }

        using FileStream open = File.OpenRead(files[0]);
        receiver.IsWhole(files[0]).ShouldBeTrue(); // we read it; storescp does not write it
        receiver.HasEnded.ShouldBeFalse();
        await Should.ThrowAsync<UnavailableException>(() => StoreSender.SendAsync(DicomFolder.Fixture(Sent[0]), "127.0.0.1", FreePort(), "MEDGEN", "ECHO5", DicomFolder.Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-od")]
    [InlineData("A\\B")]
    [InlineData("SEVENTEEN_LETTERS")]
    public void Receiver_WithATitleThatIsNone_IsRefused(string title) =>
        Should.Throw<InvalidInputException>(() => StoreReceiver.Start(new StoreReceiverOptions { Title = title, Port = 1, Folder = _folder.Folder }));

    [Fact]
    public async Task Forwarder_OfAFolder_SendsWhatIsWholeAndKeepsWhatWaits()
    {
        bool isAway = true;
        HashSet<string> stored = [];
        await using FakeArchive archive = FakeArchive.Start((request, _) =>
        {
            if (isAway)
            {
                return (503, "text/plain", []);
            }

            string uid = request.QueryString["00080018"] ?? "";
            if (request.HttpMethod == "POST")
            {
                stored.UnionWith(["1.2.3.1", "1.2.3.2"]);
                return FakeArchive.Json("{}");
            }

            return FakeArchive.Json(stored.Contains(uid) ? "[{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"" + uid + "\"]}}]" : "[]");
        });
        using DicomWebClient client = new(new DicomWebServer { Address = archive.Address });
        string folder = Directory.CreateDirectory(_folder.PathOf("watched")).FullName;
        string good = Put(folder, "1.2.3.1", "ECHO5");
        string other = Put(folder, "1.2.3.3", "STRANGER");
        string open = Put(folder, "1.2.3.2", "ECHO5");
        string broken = Path.Combine(folder, "broken.dcm");
        await File.WriteAllTextAsync(broken, "no DICOM", DicomFolder.Token);
        Old(broken);
        FolderForwarder forwarder = new(folder, client, path => path != open, keepSent: true, ["ECHO5"], TimeProvider.System);

        await Should.ThrowAsync<UnavailableException>(async () =>
        {
            await forwarder.LookAsync(DicomFolder.Token);
            await forwarder.LookAsync(DicomFolder.Token);
        });
        File.Exists(good).ShouldBeTrue();
        isAway = false;
        await forwarder.LookAsync(DicomFolder.Token);

        (forwarder.Sent, forwarder.Refused, forwarder.Dropped).ShouldBe((1, 1, 1));
        Directory.GetFiles(folder).ShouldBe([open]);
        Directory.GetFiles(Path.Combine(folder, "sent")).Select(Path.GetFileName).ShouldBe([Path.GetFileName(good)]);
        Directory.GetFiles(Path.Combine(folder, "refused")).Select(Path.GetFileName).ShouldBe(["broken.dcm"]);
        File.Exists(other).ShouldBeFalse();
    }

    private static string Put(string folder, string uid, string sender)
    {
        DicomDataSet set = DicomFolder.Grey();
        set.SetText(new(0x0008_0018), uid);
        set.SetText(new(0x0020_000D), "1.2");
        set.SetText(new(0x0020_000E), "1.2.3");
        string path = Path.Combine(folder, $"{uid}.dcm");
        DicomWriter.Write(path, set, DicomTransferSyntax.ExplicitLittleEndian, DicomFolder.Token);

        // The sender is an element of the meta information, which the writer does not write: put in front of the transfer syntax' successor.
        byte[] bytes = File.ReadAllBytes(path);
        byte[] element = DicomFolder.Element(0x0002, 0x0016, "AE", System.Text.Encoding.ASCII.GetBytes(sender.PadRight(sender.Length + (sender.Length % 2))));
        int end = 132 + 12 + (int)BitConverter.ToUInt32(bytes, 140);
        File.WriteAllBytes(path, [.. bytes[..end], .. element, .. bytes[end..]]);
        Old(path);
        return path;
    }

    private static void Old(string path) => File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));

    private static async Task UntilItListensAsync(int port)
    {
        using PeriodicTimer ask = new(TimeSpan.FromMilliseconds(100));
        for (int tries = 0; tries < 100 && await ask.WaitForNextTickAsync(DicomFolder.Token); tries++)
        {
            try
            {
                using TcpClient probe = new();
                await probe.ConnectAsync(IPAddress.Loopback, port, DicomFolder.Token);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
