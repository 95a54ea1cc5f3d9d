using System;
using System.IO;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Has the just-in-time compiler leave TorchSharp.dll unoptimised. Its methods hand the native handle of a Scalar (or Tensor) on and do not refer to the object any
/// more, so in optimised code the garbage collector may free it before libtorch has read it; unoptimised code keeps arguments alive until the method returns.
/// Sets Default (1, without which the runtime takes no notice) and DisableOptimizations (0x100) in the argument of the assembly's DebuggableAttribute. The file is
/// replaced, not written in place: it may be a hard link into the package cache. Idempotent.
/// </summary>
public sealed class KeepTorchHandlesAlive : Task
{
    // The attribute's blob: its length, prolog 1, DebuggingModes as int32, no named arguments.
    private static readonly byte[] Optimised = { 8, 1, 0, 2, 0, 0, 0, 0, 0 };
    private static readonly byte[] Unoptimised = { 8, 1, 0, 3, 1, 0, 0, 0, 0 };

    [Required]
    public string Assembly { get; set; } = "";

    public override bool Execute()
    {
        byte[] bytes = File.ReadAllBytes(Assembly);
        if (Count(bytes, Unoptimised, out _) == 1)
        {
            return true;
        }

        if (Count(bytes, Optimised, out int at) != 1)
        {
            Log.LogError("{0} is another TorchSharp than this task knows; docs/adr/0008-torch-handles.md says what to look for", Assembly);
            return false;
        }

        Unoptimised.CopyTo(bytes, at);
        string temporary = Assembly + ".alive";
        File.WriteAllBytes(temporary, bytes);
        File.Delete(Assembly);
        File.Move(temporary, Assembly);
        Log.LogMessage(MessageImportance.Normal, "{0}: arguments now live until a method returns", Assembly);
        return true;
    }

    private static int Count(byte[] bytes, byte[] pattern, out int last)
    {
        int count = 0;
        last = -1;
        for (int i = 0; i + pattern.Length <= bytes.Length; i++)
        {
            int same = 0;
            while (same < pattern.Length && bytes[i + same] == pattern[same])
            {
                same++;
            }

            if (same == pattern.Length)
            {
                count++;
                last = i;
            }
        }

        return count;
    }
}
