using MedGen.Abstractions.Frames;
using MedGen.Torch.Frames;
using MedGen.Training.Dicom;

namespace MedGen.Training.ImagingModality;

/// <summary>Decodes the files of a manifest into pictures, a few frames each. Frames are decoded as a stream; only pictures are kept.</summary>
internal sealed class ModalityClipReader(Func<string, CancellationToken, IAsyncEnumerable<VideoFrame>> decode, int framesPerClip)
{
    /// <summary>Reads one item; null for a DICOM file whose pixels are compressed or coloured, and for files without any visible frame.</summary>
    public async Task<ModalityClip?> ReadAsync(string folder, ModalityItem item, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, item.Path);
        var pictures = new List<FramePicture>();
        if (item.Kind == "dicom")
        {
            if (DicomPictures.Read(path, item.ModalityCode, framesPerClip) is not { } shown)
            {
                return null;
            }

            pictures.AddRange(shown.Select(FramePicture.FromFrame).Where(p => !p.IsFlat));
        }
        else
        {
            int step = (item.Frames + framesPerClip - 1) / framesPerClip;
            int index = 0;
            await foreach (VideoFrame frame in decode(path, cancellationToken))
            {
                using (frame)
                {
                    if (index++ % step == step / 2 && FramePicture.FromFrame(frame) is { IsFlat: false } picture)
                    {
                        pictures.Add(picture);
                    }
                }
            }
        }

        return pictures.Count == 0 ? null : new ModalityClip { Item = item, Label = ModalityLabels.Of(item.ModalityCode), Pictures = pictures };
    }
}
