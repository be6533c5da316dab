using System.Text.Json.Nodes;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Models;
using AttnCrnn.Models.Losses;
using AttnCrnn.Models.Optimizers;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Onnx;
using AttnCrnn.Options;

namespace AttnCrnn.Tests.Models;

/// <summary>Every network of the registry works in every part that knows layers.</summary>
public sealed class NetworkVersionTests : IDisposable
{
    private readonly TempFolder folder = new();

    public static TheoryData<NetworkVersion, TemporalPooling, HeadNormalization, HeadActivation> Networks { get; } =
        CreateNetworks();

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Networks))]
    public void A_Keras_archive_of_it_is_read_as_the_same_network(
        NetworkVersion version,
        TemporalPooling pooling,
        HeadNormalization normalization,
        HeadActivation activation
    )
    {
        var options = CreateOptions(version, pooling, normalization, activation);
        var builder = RandomModelBuilder.Create(options, seed: 5);
        var path = folder.PathOf("m.keras");
        ModelFileWriter.Write(path, builder.Model, builder.Tensors);

        var model = ModelFile.Read(path);

        Assert.Equal(options, model.Info.Network);
        Assert.Equal(
            builder.Tensors.Select(tensor => (tensor.Name, string.Join(' ', tensor.Values))),
            model.Tensors.Select(tensor => (tensor.Name, string.Join(' ', tensor.Values)))
        );
    }

    [Theory, MemberData(nameof(Networks))]
    public void Its_Keras_archive_has_only_layers_and_operators_of_Keras(
        NetworkVersion version,
        TemporalPooling pooling,
        HeadNormalization normalization,
        HeadActivation activation
    )
    {
        var builder = RandomModelBuilder.Create(CreateOptions(version, pooling, normalization, activation), seed: 5);
        var path = folder.PathOf("m.keras");
        ModelFileWriter.Write(path, builder.Model, builder.Tensors);
        foreach (var layer in (JsonArray)KerasBuilder.FromFile(path).Config["config"]!["layers"]!)
        {
            Assert.Contains(
                (string)layer!["module"]!,
                (string[])["keras.layers", "keras.src.ops.numpy", "keras.src.ops.nn"]
            );
            Assert.NotEqual("Lambda", (string)layer["class_name"]!);
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public void Its_ONNX_file_gives_its_probabilities(
        NetworkVersion version,
        TemporalPooling pooling,
        HeadNormalization normalization,
        HeadActivation activation
    )
    {
        var options = CreateOptions(version, pooling, normalization, activation);
        var builder = RandomModelBuilder.Create(options, seed: 5);
        using var session = new OnnxSession(
            OnnxExporter.BuildFeatureModel(builder.Model, builder.Tensors, quantizeInt8: false),
            threads: 1
        );
        using var predictor = builder.Load(folder.Path);
        var clip = RandomModelBuilder.Frames(options, 23, seed: 4);
        FloatAssert.Near(
            [.. predictor.Predict([clip])[0].Select(probability => (float)probability)],
            session.Run(("lengths", [23]), ("frames", clip.Values, [1, 23, options.EncoderLayers, options.Width])),
            1e-5
        );
    }

    /// <summary>Central differences of the loss, in the direction of the gradient.</summary>
    [Theory, MemberData(nameof(Networks))]
    public void Its_gradient_is_the_slope_of_the_loss(
        NetworkVersion version,
        TemporalPooling pooling,
        HeadNormalization normalization,
        HeadActivation activation
    )
    {
        var options = CreateOptions(version, pooling, normalization, activation);
        int[] frames = [21, 8];
        using var workers = new AttnCrnn.Numerics.Threading.WorkerPool(2);
        using var network = new Network(options, workers, new(frames.Sum(), frames.Length, frames.Max()), true);
        network.Initialize(new RandomStream(2));
        using var step = new TrainingStep(network, new CrossEntropy(), new Adam(new(network.Parameters, workers)));
        using var x = new AlignedBuffer(frames.Sum() * options.FrameWidth);
        new RandomStream(3).FillNormal(x.Span);
        var batch = new PackedBatch(x.Rows(0, frames.Sum(), options.FrameWidth), [0, 21, 29], 2);
        using var outputs = new AlignedBuffer(4 * options.Classes);
        var targets = outputs.Rows(0, 2, options.Classes);
        targets[0][1] = 1;
        targets[1][2] = 1;
        double ComputeLoss() =>
            step.ComputeGradients(batch, targets, [1, 1], null, outputs.Rows(2 * options.Classes, 2, options.Classes));
        ComputeLoss();
        var gradient = network.Parameters.Gradients.Span[..network.Parameters.TrainableLength].ToArray();
        var norm = Math.Sqrt(gradient.Sum(value => (double)value * value));
        const float distance = 5e-4f;
        void Move(float length)
        {
            for (var i = 0; i < gradient.Length; i++)
                network.Parameters.Values.Span[i] += (float)(length * gradient[i] / norm);
        }
        Move(distance);
        var after = ComputeLoss();
        Move(-2 * distance);
        var before = ComputeLoss();
        Assert.Equal(norm, (after - before) / (2 * distance), 0.02 * norm);
    }

    // Every version as it is, and every value of the options that it takes.
    private static TheoryData<NetworkVersion, TemporalPooling, HeadNormalization, HeadActivation> CreateNetworks()
    {
        var networks = new HashSet<(NetworkVersion, TemporalPooling, HeadNormalization, HeadActivation)>();
        foreach (var version in Enum.GetValues<NetworkVersion>())
        {
            networks.Add((version, default, default, default));
            if (NetworkVersions.HasOption(version, OptionKeys.Pooling))
                foreach (var pooling in Enum.GetValues<TemporalPooling>())
                    networks.Add((version, pooling, default, default));
            if (NetworkVersions.HasOption(version, OptionKeys.HeadNorm))
                foreach (var normalization in Enum.GetValues<HeadNormalization>())
                    networks.Add((version, default, normalization, default));
            if (NetworkVersions.HasOption(version, OptionKeys.Activation))
                foreach (var activation in Enum.GetValues<HeadActivation>())
                    networks.Add((version, default, default, activation));
        }
        networks.Add((NetworkVersion.V2, TemporalPooling.Attentive, HeadNormalization.Layer, HeadActivation.GeluTanh));
        return [.. networks];
    }

    private static NetworkOptions CreateOptions(
        NetworkVersion version,
        TemporalPooling pooling,
        HeadNormalization normalization,
        HeadActivation activation
    )
    {
        var options = new NetworkOptions(5, 4)
        {
            EncoderLayers = 2,
            Version = version,
            Pooling = pooling,
            HeadNormalization = normalization,
            Activation = activation,
        };
        if (version == NetworkVersion.V1)
            options = options.WithV1Layers();
        return NetworkVersions.Canonicalize(options) with
        {
            Conv1Filters = 6,

            Conv2Filters = 7,

            LstmUnits = 4,

            DenseUnits = 9,
        };
    }
}
