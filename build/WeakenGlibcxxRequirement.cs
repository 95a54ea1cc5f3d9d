using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Marks the GLIBCXX_3.4.32 version requirement of libLibTorchSharp.so as weak, so that the library loads where libstdc++ is older
/// (Debian 12, Ubuntu 22.04, RHEL 9). No relocation uses that version. The file is replaced, not written in place: it may be a hard
/// link into the package cache. Idempotent; does nothing for a library without that requirement.
/// </summary>
public sealed class WeakenGlibcxxRequirement : Task
{
    private const string VersionName = "GLIBCXX_3.4.32";
    private const ushort VerFlagWeak = 0x2;
    private const uint SectionTypeVersionNeeds = 0x6ffffffe;

    [Required]
    public string Library { get; set; } = "";

    public override bool Execute()
    {
        byte[] elf = File.ReadAllBytes(Library);
        if (elf.Length < 0x40 || BitConverter.ToUInt32(elf, 0) != 0x464c457f || elf[4] != 2)
        {
            Log.LogError("{0} is not a 64-bit ELF library", Library);
            return false;
        }

        if (!SetWeakFlag(elf))
        {
            return true;
        }

        string temporary = Library + ".weak";
        File.WriteAllBytes(temporary, elf);
        File.Delete(Library);
        File.Move(temporary, Library);
        Log.LogMessage(MessageImportance.Normal, "{0}: {1} is now a weak requirement", Library, VersionName);
        return true;
    }

    private static bool SetWeakFlag(byte[] elf)
    {
        long sections = BitConverter.ToInt64(elf, 0x28);
        int entrySize = BitConverter.ToUInt16(elf, 0x3A);
        int count = BitConverter.ToUInt16(elf, 0x3C);
        bool changed = false;
        for (int i = 0; i < count; i++)
        {
            int section = (int)(sections + (long)i * entrySize);
            if (BitConverter.ToUInt32(elf, section + 4) != SectionTypeVersionNeeds)
            {
                continue;
            }

            int need = (int)BitConverter.ToInt64(elf, section + 0x18);
            int linked = BitConverter.ToInt32(elf, section + 0x28);
            int needs = BitConverter.ToInt32(elf, section + 0x2C);
            int strings = (int)BitConverter.ToInt64(elf, (int)(sections + (long)linked * entrySize) + 0x18);
            for (int n = 0; n < needs; n++)
            {
                int auxiliaries = BitConverter.ToUInt16(elf, need + 2);
                int auxiliary = need + BitConverter.ToInt32(elf, need + 8);
                for (int a = 0; a < auxiliaries; a++)
                {
                    int name = strings + BitConverter.ToInt32(elf, auxiliary + 8);
                    ushort flags = BitConverter.ToUInt16(elf, auxiliary + 4);
                    if (NameAt(elf, name) == VersionName && (flags & VerFlagWeak) == 0)
                    {
                        BitConverter.GetBytes((ushort)(flags | VerFlagWeak)).CopyTo(elf, auxiliary + 4);
                        changed = true;
                    }

                    auxiliary += BitConverter.ToInt32(elf, auxiliary + 12);
                }

                need += BitConverter.ToInt32(elf, need + 12);
            }
        }

        return changed;
    }

    private static string NameAt(byte[] elf, int offset)
    {
        int end = Array.IndexOf(elf, (byte)0, offset);
        return Encoding.ASCII.GetString(elf, offset, end - offset);
    }
}
