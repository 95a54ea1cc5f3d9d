using MedGen.Bench.Serving;
using MedGen.Storage.Maintenance;

namespace MedGen.Bench.Chaos;

/// <summary>
/// A host whose process is killed at random moments under load, and started again each time: nothing that was acknowledged may be lost, nothing
/// may be there twice, and the data folder must agree with itself after each kill.
/// </summary>
internal static class ChaosBenchmark
{
    public const int DefaultKills = 50;

    private const int Interval = 5;
    private const int LongestLife = 8_000;

    public static async Task<int> RunAsync(int kills)
    {
        string folder = Directory.CreateTempSubdirectory("medgen-chaos-").FullName;
        string data = Path.Combine(folder, "data");
        try
        {
            Random random = new(1);
            ChaosLedger ledger = new();
            List<string> faults = [];
            for (int kill = 0; kill < kills; kill++)
            {
                using ServedHost host = await ServedHost.StartAsync(data, Interval);
                using CancellationTokenSource end = new();
                ChaosLoad load = new(host.Client, ledger, folder, new Random(random.Next()));
                Task work = load.RunAsync(end.Token);
                await Task.Delay(random.Next(LongestLife));
                await host.KillAsync();
                await end.CancelAsync();
                await work;
                faults.AddRange(StoreCheck.Run(data).Findings.Select(finding => $"after kill {kill + 1}: {finding.Kind} {finding.Subject}"));
            }

            using (ServedHost host = await ServedHost.StartAsync(data, Interval))
            {
                await new ChaosLoad(host.Client, ledger, folder, random).AskAgainAsync();
                faults.AddRange(await new ChaosVerdict(host.Client, ledger, folder).FindFaultsAsync());
                await host.KillAsync();
            }

            StoreReport scrubbed = await StoreScrub.RunAsync(data, null, null, TimeProvider.System, CancellationToken.None);
            faults.AddRange(scrubbed.Findings.Select(finding => $"scrub: {finding.Kind} {finding.Subject}"));
            Console.WriteLine($"{kills} kills under {ledger}: {faults.Count} faults");
            faults.ForEach(Console.WriteLine);
            return faults.Count == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
