using MedGen.Datasets.Reading;
using MedGen.Sdk.Frames;
using MedGen.Classifiers.Frames;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>Decodes the files of a manifest into pictures, a few frames each. Frames are decoded as a stream; only pictures are kept.</summary>
internal sealed class ModalityClipReader(Func<string, CancellationToken, IAsyncEnumerable<VideoFrame>> decode, int framesPerClip)
{
    /// <summary>Reads one item; no picture when nothing is to be seen.</summary>
    /// <exception cref="Sdk.Errors.MediaException">The file cannot be decoded.</exception>
    public async Task<IReadOnlyList<FramePicture>> ReadAsync(string path, ModalityItem item, CancellationToken cancellationToken)
    {
        if (item.Kind == "dicom")
        {
            IReadOnlyList<VideoFrame> shown =
                await DicomViews.ReadAsync(path, item.ModalityCode, framesPerClip, cancellationToken).ConfigureAwait(false);
            List<FramePicture> views = [.. shown.Select(FramePicture.FromFrame).Where(p => !p.IsFlat)];
            foreach (VideoFrame view in shown)
            {
                view.Dispose();
            }

            return views;
        }

        List<FramePicture> pictures = [];
        int step = (item.Frames + framesPerClip - 1) / framesPerClip;
        int index = 0;
        await foreach (VideoFrame frame in decode(path, cancellationToken).ConfigureAwait(false))
        {
            using (frame)
            {
                if (index++ % step == step / 2 && FramePicture.FromFrame(frame) is { IsFlat: false } picture)
                {
                    pictures.Add(picture);
                }
            }
        }

        return pictures;
    }
}
