namespace MedGen.Media.Reading;

/// <summary>What ffmpeg and ffprobe may open: this one local file, by a demuxer that opens no other file and no network.</summary>
internal static class InputArguments
{
    // Playlists and patterns (hls, dash, concat, image2, sdp, …) are left out: a file of that kind could make the decoder read other files.
    private const string Formats =
        "mov,matroska,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,mxf,nut,dv,ivf,h264,hevc,obu,m4v,mjpeg,yuv4mpegpipe,rawvideo,"
        + "gif,apng,png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,tiff_pipe,jpegls_pipe,j2k_pipe,pgm_pipe,pbm_pipe,ppm_pipe,pam_pipe,"
        + "wav,mp3,aac,flac,ac3,aiff,au,amr,caf";

    /// <summary>Arguments up to and with the input file.</summary>
    public static IEnumerable<string> For(string path) =>
        ["-protocol_whitelist", "file,pipe", "-format_whitelist", Formats, "-i", "file:" + path];
}
