namespace Misbehaving;

internal enum Misbehaviour
{
    None,
    Hang,
    Block,
    Crash,
    WrongAnswer,
    Exit,
    StackOverflow,
    Memory,
    Loop,
    Flood,
    Processes,
    Network,
    Files,
    Throw,
    Refuse,
    Invalid,
    TooMany,
    TooLarge,
    UseModel,
}

/// <summary>What no plugin may do, whatever it offers.</summary>
internal static class Misbehaviours
{
    public static async Task DoAsync(Misbehaviour how)
    {
        switch (how)
        {
            case Misbehaviour.Hang:
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                break;
            case Misbehaviour.Block:
                new ManualResetEvent(false).WaitOne();
                break;
            case Misbehaviour.Crash:
                Environment.FailFast("as its parameter says");
                break;
            case Misbehaviour.Exit:
                Environment.Exit(3);
                break;
            case Misbehaviour.StackOverflow:
                Descend(1);
                break;
            case Misbehaviour.Memory:
                for (List<byte[]> kept = []; ;)
                {
                    kept.Add(new byte[64 << 20]);
                    kept[^1].AsSpan().Fill(1);
                }

            case Misbehaviour.Loop:
                while (true)
                {
                }

            case Misbehaviour.Flood:
                for (int i = 0; i < 100_000; i++)
                {
                    Console.WriteLine($"line {i}");
                }

                break;
        }
    }

    private static int Descend(int depth) => depth == 0 ? 0 : Descend(depth + 1) + Descend(depth + 2);
}
