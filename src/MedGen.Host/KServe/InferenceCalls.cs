using Inference;
using MedGen.Application.Analysis;
using MedGen.Application.Artifacts;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Application.Plugins;
using MedGen.Application.Streaming;
using MedGen.Host.Errors;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Plugins;
using MediatR;

namespace MedGen.Host.KServe;

/// <summary>The calls of the protocol, whichever way they come: each sends the messages that gRPC sends.</summary>
internal sealed class InferenceCalls(ISender sender)
{
    /// <summary>Largest request in bytes; larger clips are uploaded first, and named by their ids.</summary>
    public const int MaxRequestBytes = 32 * 1024 * 1024;

    /// <summary>Name and version of this server.</summary>
    public static ServerMetadataResponse Server { get; } =
        new() { Name = "medgen", Version = typeof(MedGenHost).Assembly.GetName().Version!.ToString(3), Extensions = { "binary_tensor_data" } };

    /// <summary>Whether the plugin of a model is active.</summary>
    /// <exception cref="ResourceNotFoundException">There is no such model.</exception>
    public async Task<bool> IsReadyAsync(string name, string version, CancellationToken cancellationToken) =>
        (await FindPluginAsync(name, version, cancellationToken).ConfigureAwait(false)).State == PluginState.Active;

    /// <summary>Describes a model.</summary>
    /// <exception cref="ResourceNotFoundException">There is no such model.</exception>
    /// <exception cref="FailedPreconditionException">Its plugin is not active.</exception>
    public async Task<InferenceModel> DescribeAsync(string name, string version, CancellationToken cancellationToken)
    {
        PluginStatus status = await FindPluginAsync(name, version, cancellationToken).ConfigureAwait(false);
        if (status.State != PluginState.Active)
        {
            throw new FailedPreconditionException("MODEL_NOT_READY", $"The plugin '{status.Id}' of this model is {status.State}.");
        }

        PluginDescription plugin = await sender.Send(new DescribePlugin { PluginId = status.Id }, cancellationToken).ConfigureAwait(false);
        return plugin.Analyzers.FirstOrDefault(analyzer => analyzer.Task == name) is { } analyzer
            ? new InferenceModel(plugin, analyzer)
            : throw new ResourceNotFoundException("model", name);
    }

    /// <summary>Runs a model.</summary>
    /// <exception cref="InvalidInputException">The request is none that the model takes; the fields are named.</exception>
    public async Task<ModelInferResponse> InferAsync(ModelInferRequest request, CancellationToken cancellationToken)
    {
        InferenceModel model = await DescribeAsync(request.ModelName, request.ModelVersion, cancellationToken).ConfigureAwait(false);
        Check(request, model);
        InferenceInput[] inputs = [.. request.Inputs.Select((_, index) => InferenceInput.Read(request, index))];
        ModelInferResponse answer = new() { ModelName = model.Description.Task, ModelVersion = model.Plugin.PluginVersion, Id = request.Id };
        string? parameters = InferenceParameters.ToJson(request.Parameters);
        (List<Finding> findings, AnalyzerIdentity? analyzer) = inputs is [{ Frames: not null } live]
            ? await AnalyzeFramesAsync(model, live, parameters, cancellationToken).ConfigureAwait(false)
            : await AnalyzeFilesAsync(model, inputs, parameters, answer, cancellationToken).ConfigureAwait(false);
        ModelInferResponse.Types.InferOutputTensor[] outputs = [.. InferenceOutputs.Of(model, findings, analyzer)];
        answer.Outputs.Add(request.Outputs.Count == 0 ? outputs : request.Outputs.Select(asked => outputs.First(one => one.Name == asked.Name)));
        return answer;
    }

    private static void Check(ModelInferRequest request, InferenceModel model)
    {
        Violations violations = new();
        ModelMetadataResponse known = model.ToProto();
        foreach ((int index, ModelInferRequest.Types.InferRequestedOutputTensor output) in request.Outputs.Index())
        {
            violations.OneOf($"outputs[{index}].name", output.Name, [.. known.Outputs.Select(one => one.Name)]);
            violations.Require(output.Parameters.Count == 0, $"outputs[{index}].parameters", $"has {output.Parameters.Count}", $"none");
        }

        foreach ((int index, ModelInferRequest.Types.InferInputTensor input) in request.Inputs.Index())
        {
            violations.OneOf($"inputs[{index}].name", input.Name, [.. known.Inputs.Select(one => one.Name)]);
            violations.Require(
                input.Datatype != "UINT8" || request.Inputs.Count == 1, $"inputs[{index}].datatype", $"got UINT8 beside other inputs", $"BYTES");
            violations.Require(
                request.RawInputContents.Count == 0 || input.Contents is null, $"inputs[{index}].contents",
                $"is given beside raw_input_contents", $"one of the two");
        }

        violations.Require(request.Inputs.Count > 0, "inputs", $"has 0", $"{string.Join(", ", known.Inputs.Select(one => one.Name))}");
        violations.Require(
            request.RawInputContents.Count == 0 || request.RawInputContents.Count == request.Inputs.Count, "raw_input_contents",
            $"has {request.RawInputContents.Count}", $"one for each of the {request.Inputs.Count} inputs, or none");
        violations.ThrowIfAny();
    }

    private async Task<PluginStatus> FindPluginAsync(string name, string version, CancellationToken cancellationToken)
    {
        IReadOnlyList<PluginStatus> plugins = await sender.Send(new ListPlugins(), cancellationToken).ConfigureAwait(false);
        PluginStatus[] able =
        [
            .. plugins.Where(plugin => plugin.Capabilities.Any(one => one.Kind == CapabilityKinds.Analysis && one.Task == name)),
        ];

        // As where a request names no plugin: the one that was chosen for the task, or the first that is active.
        PluginStatus? found = able.FirstOrDefault(plugin => plugin.DefaultFor.Contains($"analysis/{name}"))
            ?? able.FirstOrDefault(plugin => plugin.State == PluginState.Active) ?? able.FirstOrDefault();
        return found is not null && (version.Length == 0 || version == found.Version)
            ? found
            : throw new ResourceNotFoundException("model", version.Length == 0 ? name : $"{name}, version {version}");
    }

    // Frames are analysed as they are, without a job, and never touch the disk.
    private async Task<(List<Finding> Findings, AnalyzerIdentity? Analyzer)> AnalyzeFramesAsync(
        InferenceModel model, InferenceInput input, string? parameters, CancellationToken cancellationToken)
    {
        AnalyzeStream message = new()
        {
            Task = model.Description.Task,
            PluginId = model.Plugin.PluginId,
            Parameters = parameters,
            Info = new VideoInfo { Width = input.Width, Height = input.Height, FrameRate = input.FrameRate },
            Frames = FramesOf(input).ToAsyncEnumerable(),
        };
        List<Finding> findings = [];
        AnalyzerIdentity? analyzer = null;
        StreamedAnswer<LiveAnalysis> answers = await sender.Send(message, cancellationToken).ConfigureAwait(false);
        await foreach (LiveAnalysis answer in answers.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            findings.AddRange(answer.Update is FinalFindings final ? final.Findings : []);
            analyzer = answer.Analyzer;
        }

        return (findings, analyzer);
    }

    private static IEnumerable<VideoFrame> FramesOf(InferenceInput input)
    {
        int size = input.Width * input.Height * 3;
        for (int index = 0; index < input.Count; index++)
        {
            VideoFrame frame = VideoFrame.Rent(input.Width, input.Height, index, TimeSpan.FromSeconds(index / (input.FrameRate ?? 1)));
            input.Frames!.Value.Slice(index * size, size).CopyTo(frame.WritablePixels);
            yield return frame;
        }
    }

    // A file is stored for as long as its analysis takes; the job stays, as every job does.
    private async Task<(List<Finding> Findings, AnalyzerIdentity? Analyzer)> AnalyzeFilesAsync(
        InferenceModel model, InferenceInput[] inputs, string? parameters, ModelInferResponse answer, CancellationToken cancellationToken)
    {
        List<string> uploads = [];
        try
        {
            List<AnalysisInput> clips = [];
            foreach (InferenceInput input in inputs)
            {
                string id = input.ArtifactId ?? await UploadAsync(input, uploads, cancellationToken).ConfigureAwait(false);
                clips.Add(new AnalysisInput { ArtifactId = id, Role = input.Role });
            }

            AnalyzeVideo message = new()
            {
                Inputs = clips,
                Task = model.Description.Task,
                PluginId = model.Plugin.PluginId,
                Parameters = parameters,
                IncludeInterim = false,
            };
            Job job = await sender.Send(message, cancellationToken).ConfigureAwait(false);
            answer.Parameters["job_id"] = new InferParameter { StringParam = job.Id };
            return await FollowAsync(job.Id, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (string id in uploads)
            {
                await DeleteAsync(id).ConfigureAwait(false);
            }
        }
    }

    private async Task<string> UploadAsync(InferenceInput input, List<string> uploads, CancellationToken cancellationToken)
    {
        UploadArtifact upload = new()
        {
            FileName = input.Role,
            MediaType = "application/octet-stream",
            SizeBytes = input.File!.Value.Length,
            Chunks = new[] { input.File.Value }.ToAsyncEnumerable(),
        };
        string id = (await sender.Send(upload, cancellationToken).ConfigureAwait(false)).Id;
        uploads.Add(id);
        return id;
    }

    private async Task DeleteAsync(string id)
    {
        try
        {
            await sender.Send(new DeleteArtifact { ArtifactId = id }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (MedGenException)
        {
            // A job that is being cancelled still reads it, or the caller may not delete: then it is an upload like others, and goes as they do.
        }
    }

    private async Task<(List<Finding> Findings, AnalyzerIdentity? Analyzer)> FollowAsync(string jobId, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        AnalyzerIdentity? analyzer = null;
        WatchJob watch = new() { JobId = jobId, CancelOnDisconnect = true };
        StreamedAnswer<JobEvent> events = await sender.Send(watch, cancellationToken).ConfigureAwait(false);
        await foreach (JobEvent one in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            switch (one.Payload)
            {
                case FindingsReported { Interim: false } reported:
                    findings.AddRange(reported.Findings);
                    analyzer = reported.Analyzer;
                    break;
                case JobStateChanged { State: JobState.Failed, Error: JobError error }:
                    throw JobEndedException.Failed(jobId, error);
                case JobStateChanged { State: JobState.Cancelled }:
                    throw JobEndedException.Cancelled(jobId);
            }
        }

        return (findings, analyzer);
    }
}
