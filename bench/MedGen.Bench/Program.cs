using MedGen.Bench;
using MedGen.Bench.Accelerations;
using MedGen.Bench.Augmentation;
using MedGen.Bench.Chaos;
using MedGen.Bench.Cluster;
using MedGen.Bench.Forward;
using MedGen.Bench.Fuzz;
using MedGen.Bench.PhaseFeatures;
using MedGen.Bench.Plugins;
using MedGen.Bench.Serving;
using MedGen.Bench.Soak;

// One line and one file per benchmark.
return args switch
{
    ["forward", .. var options] when ForwardOptions.Parse(options) is { } parsed => ForwardBenchmark.Run(parsed),
    ["experts"] => ExpertsBenchmark.Run(),
    ["int8"] => Int8Benchmark.Run(),
    ["accelerations", string folder] => AccelerationsBenchmark.Run(folder),
    ["augmentation"] => await AugmentationBenchmark.RunAsync(),
    ["cluster"] => await ClusterBenchmark.RunAsync(),
    ["cluster", "model"] => ScaleModel.Print(),
    ["cluster", "flood"] => await FloodFigure.RunAsync(),
    ["cluster", "chaos"] => await ClusterChaos.RunAsync(),
    ["curate"] => await CurateBenchmark.RunAsync(),
    ["load"] => LoadBenchmark.Run(),
    ["ingest"] => await IngestBenchmark.RunAsync(),
    ["film"] => await FilmBenchmark.RunAsync(),
    ["memory"] => MemoryBenchmark.Run(),
    ["phantoms"] => PhantomsBenchmark.Run(),
    ["phases"] => await PhasesBenchmark.RunAsync(60),
    ["phase-features"] => await PhaseFeaturesBenchmark.RunAsync("60/20/20"),
    ["phase-features", string split] => await PhaseFeaturesBenchmark.RunAsync(split),
    ["batching"] => await BatchingBenchmark.RunAsync(),
    ["plugins"] => await PluginsBenchmark.RunAsync(),
    ["serving"] => await ServingBenchmark.RunAsync([]),
    ["serving", .. var figures] => await ServingBenchmark.RunAsync(figures),
    ["kill"] => await KillBenchmark.RunAsync(),
    ["chaos"] => await ChaosBenchmark.RunAsync(ChaosBenchmark.DefaultKills),
    ["chaos", "--kills", var kills] when int.TryParse(kills, out int count) && count is >= 1 and <= 1000 => await ChaosBenchmark.RunAsync(count),
    ["fuzz", .. var options] when FuzzOptions.Parse(options) is { } parsed => await FuzzBenchmark.RunAsync(parsed),
    ["soak"] => await SoakBenchmark.RunAsync(SoakBenchmark.DefaultMinutes),
    ["soak", "--minutes", var minutes] when int.TryParse(minutes, out int count) && count is >= 1 and <= 1440 => await SoakBenchmark.RunAsync(count),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: ./medgen bench <benchmark>
          forward  one forward of the transformer against the rate of a matrix product and a plain port; --model 1.3b (default) or ti2v-5b, --blocks 1 to 30, --threads, --rounds
          experts  what the change from one of two experts to the other costs, in steps
          int8     a linear with 8-bit weights and activations against float32 and bfloat16: time and error
          accelerations FOLDER  what each shortcut of a request saves, and how far its frames are from the exact run's
          augmentation  frames per second of classic augmentation, and the share of its time that the device is at work while clips are generated
          cluster [model|flood|chaos]  a job of a host alone against one of a front and a worker over PostgreSQL and NATS; a model of 1,000 workers; who is served while one tenant floods; 100 jobs while hosts and servers die, are parted, slow, full and wrong about the time: exit code 1: one is lost or doubled
          curate   the scan of a curation against bare ffmpeg that gives the same sampled frames
          load     seconds and memory to load 2.8 GB of weights
          ingest   frames per second of the reader against the same ffmpeg command into a drained pipe
          film     peak memory while a 1-hour 1080p film is sampled at one frame a second
          memory   peak memory of one block and of a decode at the sizes of the 1.3B model against the estimate of `medgen model inspect`
          phantoms frames per second of each simulator at 128 x 128 px on one thread
          phase-features [A/B/C]  accuracy of the phase recogniser on features of its own and of the shared model; simulated procedures to train, choose and test on
          batching one step of several sessions in one forward against one after another
          serving  dispatch, latency under load, throughput, cancel, memory, fairness; or some of them: serving dispatch latency throughput cancel memory fairness
          plugins  an analyzer in the host's process against one in a process of its own: ms a frame
          kill     a host killed 20 times at random moments: jobs lost, steps repeated, frames
          chaos [--kills N]  a host killed N times (50) under uploads, generations, classifications, augmentations and deletions: what is lost or doubled; exit code 1: something is
          fuzz [--messages N] [--media N] [--files N] [--dicom N] [--dicom-folder DIR] [--seed N]  damaged messages (100,000), clips (5,000), files (20,000) and DICOM objects (20,000): exit code 1: one was neither read nor refused
          soak [--minutes N]  a host under load for N minutes (5): slopes of its memory, handles, threads and temporary files
          phases   time to an answer for each frame of four live streams at once
        """);
    return 2;
}
