namespace MedGen.Media.Reading;

/// <summary>What ffmpeg and ffprobe may open: this one local file, by a demuxer that opens no other file and no network.</summary>
internal static class InputArguments
{
    // What cameras, archives and browsers write. Playlists and patterns (hls, dash, concat, image2, sdp, …) are left out, since a file of that kind
    // could make the decoder read other files; so is sound without pictures, and what nobody has sent: less code for a hostile file to reach.
    private const string Formats =
        "mov,matroska,avi,mpegts,mpeg,mpegvideo,asf,ogg,mxf,dv,ivf,h264,hevc,m4v,mjpeg,yuv4mpegpipe,"
        + "gif,apng,png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,tiff_pipe,jpegls_pipe,j2k_pipe,pgm_pipe,ppm_pipe";

    /// <summary>Arguments up to and with the input file.</summary>
    public static IEnumerable<string> For(string path) =>
        ["-protocol_whitelist", "file,pipe", "-format_whitelist", Formats, "-i", "file:" + path];
}
