using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>
/// Text encoder rows by encoder and token ids: the last used ones in memory and, where there is a folder, on disk for the next start. Both are
/// bounded; what was not used for longest goes first.
/// </summary>
/// <param name="encoderHash">Identity of the encoder's weights.</param>
/// <param name="dataType">Number type that the encoder computes in.</param>
/// <param name="folder">Folder of the files; null: memory only.</param>
/// <param name="memoryLimit">Bytes in memory; default 256 MiB, 32 prompts of the released model's 512 rows of 4,096 floats.</param>
/// <param name="diskLimit">Bytes on disk; default 1 GiB.</param>
internal sealed class EmbeddingCache(
    string encoderHash, ScalarType dataType, string? folder = null, long memoryLimit = 256L << 20, long diskLimit = 1L << 30) : IDisposable
{
    private readonly Dictionary<string, LinkedListNode<(string Key, Tensor Rows)>> _known = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, Tensor Rows)> _recent = new();
    private readonly EmbeddingFiles? _files = folder is null ? null : new EmbeddingFiles(folder, diskLimit, TimeProvider.System);
    private long _bytes;

    /// <summary>Rows of a text.</summary>
    /// <param name="ids">Its token ids.</param>
    /// <param name="encode">Computes them, [L, dim] in the current dispose scope; called when nobody has them.</param>
    /// <returns>Rows, [L, dim]; they belong to the cache and hold until the next call.</returns>
    public Tensor GetOrAdd(int[] ids, Func<Tensor> encode)
    {
        string key = Key(ids);
        if (_known.TryGetValue(key, out LinkedListNode<(string Key, Tensor Rows)>? node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Rows;
        }

        Tensor? stored = _files?.Read(key, ids.Length, dataType);
        Tensor rows = (stored ?? encode()).DetachFromDisposeScope(); // [L, dim]
        if (stored is null)
        {
            _files?.Write(key, rows);
        }

        _known[key] = _recent.AddFirst((key, rows));
        _bytes += Size(rows);
        while (_bytes > memoryLimit && _recent.Count > 1)
        {
            DropOldest();
        }

        return rows;
    }

    /// <summary>Forgets everything, in memory and on disk.</summary>
    /// <returns>Whether no file is left.</returns>
    public bool Clear()
    {
        Dispose();
        return _files?.Clear() ?? true;
    }

    public void Dispose()
    {
        while (_recent.Count > 0)
        {
            DropOldest();
        }
    }

    private static long Size(Tensor rows) => rows.numel() * rows.element_size();

    // A digest: the name of a file shall not tell the prompt.
    private string Key(int[] ids)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{encoderHash} {dataType} "));
        hash.AppendData(MemoryMarshal.AsBytes<int>(ids));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void DropOldest()
    {
        (string key, Tensor rows) = _recent.Last!.Value;
        _recent.RemoveLast();
        _known.Remove(key);
        _bytes -= Size(rows);
        rows.Dispose();
    }
}
