namespace MedGen.Client;

/// <summary>Media types by file ending; the host looks at the content anyway.</summary>
internal static class MediaTypes
{
    public static string FromFileName(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".MP4" or ".M4V" => "video/mp4",
        ".MOV" => "video/quicktime",
        ".MKV" => "video/x-matroska",
        ".WEBM" => "video/webm",
        ".AVI" => "video/x-msvideo",
        ".GIF" => "image/gif",
        ".PNG" => "image/png",
        ".JPG" or ".JPEG" => "image/jpeg",
        ".WEBP" => "image/webp",
        _ => "application/octet-stream",
    };
}
