using MedGen.Bench;

// One line and one file per benchmark.
return args switch
{
    ["ingest"] => await IngestBenchmark.RunAsync(),
    ["film"] => await FilmBenchmark.RunAsync(),
    ["phases"] => await PhasesBenchmark.RunAsync(60),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project bench/MedGen.Bench -- <benchmark>
          ingest   frames per second of the reader against the same ffmpeg command into a drained pipe
          film     peak memory while a 1-hour 1080p film is sampled at one frame a second
          phases   time to an answer for each frame of four live streams at once
        """);
    return 2;
}
