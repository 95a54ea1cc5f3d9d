using System.CommandLine;
using MedGen.Dicom.Web;

namespace MedGen.Cli.Dicom;

/// <summary>The options of every command that calls a DICOMweb server.</summary>
internal sealed class ArchiveOptions
{
    public Option<Uri?> Server { get; } = new("--server")
    {
        Description = "Address of a DICOMweb server, below which 'studies' lies: https, or http on this machine.",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https")
            {
                return address;
            }

            result.AddError($"--server: got '{text}'; allowed: an address such as https://pacs.example/dicom-web.");
            return null;
        },
    };

    public Option<bool> AllowInsecure { get; } = new("--allow-insecure") { Description = "Also http to another machine; never with a token." };

    public Option<string?> TokenFile { get; } = new("--token-file") { Description = "File with a bearer token." };

    public Option<string?> Authority { get; } =
        new("--ca") { Description = "PEM file of the authorities to trust for https, instead of the machine's." };

    public Option<string?> Certificate { get; } = new("--certificate") { Description = "PEM file of your own certificate, for https." };

    public Option<string?> Key { get; } = new("--key") { Description = "PEM file of the certificate's key; default: it is in --certificate." };

    public void AddTo(Command command, bool isRequired = true)
    {
        Server.Required = isRequired;
        foreach (Option option in new Option[] { Server, AllowInsecure, TokenFile, Authority, Certificate, Key })
        {
            command.Options.Add(option);
        }
    }

    public DicomWebClient Connect(ParseResult parsed) => new(new DicomWebServer
    {
        Address = parsed.GetRequiredValue(Server)!,
        AllowInsecure = parsed.GetValue(AllowInsecure),
        TokenFile = parsed.GetValue(TokenFile),
        AuthorityFile = parsed.GetValue(Authority),
        CertificateFile = parsed.GetValue(Certificate),
        KeyFile = parsed.GetValue(Key),
    });
}
