using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Tests.Features;
using AttnCrnn.Training;
using AttnCrnn.Training.Batches;
using CsCheck;

namespace AttnCrnn.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private const int Width = 6;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Separable_classes_are_learned_and_predicted_by_the_saved_model()
    {
        var job = Job(
            "learn",
            new TrainingOptions
            {
                Epochs = 12,
                BatchSize = 8,
                Threads = 2,
                LearningRate = 3e-3,
            }
        );
        TrainingOutcome outcome;
        using (var trainer = new Trainer(job, TimeProvider.System))
            outcome = trainer.Run();
        Assert.True(outcome.History.Max(epochFigures => epochFigures.ValAccuracy) > 0.9);
        using var predictor = Predictor.Load(outcome.BestPath, 1);
        Assert.Equal(["a", "b", "c"], predictor.Model.Labels);
        Assert.Equal("corpus", predictor.Model.Normalization.Kind);
        var clips = job.Validation.Select(clip => Matrix(job.Frames, clip.Source)).ToArray();
        var together = predictor.Predict(clips);
        for (var i = 0; i < clips.Length; i++)
            Assert.Equal(together[i], predictor.Predict([clips[i]])[0]); // same bits as alone
        Assert.True(
            together.Zip(job.Validation).Count(pair => Array.IndexOf(pair.First, pair.First.Max()) == pair.Second.Label)
                > 0.9 * clips.Length
        );
        Assert.Throws<InvalidInputException>(() =>
            predictor.Predict([new FrameMatrix(new float[3 * Width], 3, 1, Width)])
        );
        Assert.Throws<InvalidInputException>(() => predictor.Predict([new FrameMatrix(new float[50], 10, 1, 5)]));
    }

    [Fact]
    public void A_stopped_run_resumes_to_bit_identical_weights()
    {
        var options = new TrainingOptions
        {
            Epochs = 4,
            BatchSize = 8,
            Threads = 2,
            TimeMasks = 1,
            FrequencyMasks = 1,
            Tempo = 0.1,
            Copies = 2,
        };
        var whole = Job("whole", options);
        using (var trainer = new Trainer(whole, TimeProvider.System))
            trainer.Run();

        var broken = Job("broken", options with { Threads = 1 });
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(broken, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() =>
                trainer.Run(new AtStep(epoch: 3, step: 2, stop.Cancel), stop.Token)
            );
        Assert.False(Trainer.IsFinished(broken.ResumeFolder));
        using (var trainer = new Trainer(broken, TimeProvider.System))
            Assert.Equal(4, trainer.Run().History.Count);

        Assert.Equal(TrainedWeights.Read(whole.FinalPath), TrainedWeights.Read(broken.FinalPath));
        Assert.Equal(TrainedWeights.Read(whole.BestPath), TrainedWeights.Read(broken.BestPath));
        // Including Adam's state and the date.
        Assert.Equal(File.ReadAllBytes(whole.FinalPath), File.ReadAllBytes(broken.FinalPath));
        Assert.Equal(File.ReadAllBytes(whole.BestPath), File.ReadAllBytes(broken.BestPath));
        Assert.True(Trainer.IsFinished(broken.ResumeFolder));
        var other = broken with { Options = options with { Seed = 9 } };
        using (var trainer = new Trainer(other, TimeProvider.System))
            Assert.Throws<InvalidInputException>(() => trainer.Run());
    }

    [Fact]
    public void Class_weights_noise_mixup_and_masks_each_change_the_training()
    {
        var plain = new TrainingOptions
        {
            Epochs = 1,
            BatchSize = 8,
            Threads = 1,
            Noise = 0,
            MixUp = 0,
            ClassWeight = "none",
            TimeMasks = 0,
            FrequencyMasks = 0,
            Tempo = 0,
            Copies = 1,
        };
        TrainingOptions[] all =
        [
            plain,
            plain with
            {
                ClassWeight = "balanced",
            },
            plain with
            {
                Noise = 0.01,
            },
            plain with
            {
                MixUp = 0.2,
            },
            plain with
            {
                TimeMasks = 2,
            },
            plain with
            {
                FrequencyMasks = 2,
                FrequencyMaskBands = 3,
            },
            plain with
            {
                Tempo = 0.2,
            },
            plain with
            {
                Copies = 2,
            },
            plain with
            {
                Normalize = "none",
            },
            plain with
            {
                Padding = "longest",
            },
            plain with
            {
                Seed = 1,
            },
        ];
        var digests = all.Select(
                (options, i) =>
                {
                    var job = Job($"each{i}", options);
                    using var trainer = new Trainer(job, TimeProvider.System);
                    trainer.Run();
                    return Convert.ToHexString(
                        System.Runtime.InteropServices.MemoryMarshal.AsBytes(
                            TrainedWeights.Read(job.FinalPath).AsSpan()
                        )
                    );
                }
            )
            .ToArray();
        Assert.Equal(all.Length, digests.Distinct().Count());
        // With all of them disabled, the result is bit-identical.
        var off = Job(
            "off",
            plain with
            {
                Augmentation = false,
                Noise = 1,
                MixUp = 1,
                TimeMasks = 3,
                Tempo = 0.3,
                Copies = 5,
            }
        );
        using (var trainer = new Trainer(off, TimeProvider.System))
            trainer.Run();
        Assert.Equal(
            digests[0],
            Convert.ToHexString(
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(TrainedWeights.Read(off.FinalPath).AsSpan())
            )
        );
    }

    [Theory]
    [InlineData(0.0625)]
    [InlineData(1)]
    public void The_attention_scale_is_initialized_as_requested(double scale)
    {
        var options = new TrainingOptions
        {
            Epochs = 1,
            BatchSize = 8,
            Threads = 1,
            LearningRate = 1e-6,
            AttentionScale = scale,
        };
        var job = Job($"scale{scale}", options);
        using var trainer = new Trainer(job, TimeProvider.System);
        trainer.Run();
        var learned = ModelFile.Read(job.FinalPath).Tensors.Single(tensor => tensor.Name == "attention/scale").Values[
            0
        ];
        Assert.Equal(scale, learned, 1e-4);
    }

    [Fact]
    public void A_NaN_loss_stops_training_and_names_the_step_and_the_clips()
    {
        var frames = new Separable { Broken = 7 };
        var job = Job(
            "nan",
            new TrainingOptions
            {
                Epochs = 2,
                BatchSize = 8,
                Threads = 1,
                MixUp = 0,
            }
        ) with
        {
            Frames = frames,
        };
        using var trainer = new Trainer(job, TimeProvider.System);
        frames.IsBroken = true; // after the normalization was fitted
        var fault = Assert.Throws<TrainingException>(() => trainer.Run());
        Assert.Contains("epoch 1, step ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("clip 7", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--learning_rate", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_every_few_steps_keeps_two_and_changes_no_bit()
    {
        var options = new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 8,
            Threads = 2,
        };
        var (plain, often) = (Job("plain", options), Job("often", options with { CheckpointEvery = 2 }));
        using (var trainer = new Trainer(plain, TimeProvider.System))
            trainer.Run();
        using (var trainer = new Trainer(often, TimeProvider.System))
            trainer.Run();
        Assert.Equal(TrainedWeights.Read(plain.FinalPath), TrainedWeights.Read(often.FinalPath));
        Assert.Equal(2, Trainer.CheckpointsIn(often.Folder).Count);
    }

    [Fact]
    public void A_damaged_checkpoint_falls_back_to_the_previous_one()
    {
        var options = new TrainingOptions
        {
            Epochs = 4,
            BatchSize = 8,
            Threads = 1,
        };
        var whole = Job("unbroken", options);
        using (var trainer = new Trainer(whole, TimeProvider.System))
            trainer.Run();
        var job = Job("damaged", options);
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(job, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() =>
                trainer.Run(new AtStep(epoch: 3, step: 2, stop.Cancel), stop.Token)
            );
        var newest = Trainer.CheckpointsIn(job.Folder)[0];
        File.WriteAllBytes(newest, File.ReadAllBytes(newest)[..^100]);
        using (var trainer = new Trainer(job, TimeProvider.System))
            trainer.Run();
        Assert.Equal(TrainedWeights.Read(whole.FinalPath), TrainedWeights.Read(job.FinalPath));
    }

    [Theory]
    [InlineData("size=15m")] // fits the model and one checkpoint, but not a second one
    [InlineData("ro")]
    [Requires("tmpfs")]
    public void A_full_or_read_only_disk_is_reported_with_the_intact_files(string mount)
    {
        var disk = folder.At("disk");
        Directory.CreateDirectory(disk);
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", mount, "tmpfs", disk));
        try
        {
            var job = Job(
                "full",
                new TrainingOptions
                {
                    Epochs = 9,
                    BatchSize = 8,
                    Threads = 1,
                }
            ) with
            {
                Folder = Path.Combine(disk, "run"),
            };
            using var trainer = new Trainer(job, TimeProvider.System);
            var fault = Assert.Throws<TrainingException>(() => trainer.Run());
            Assert.Contains("could not be written", fault.Message, StringComparison.Ordinal);
            Assert.Contains(
                mount == "ro" ? "Nothing was saved" : "Intact files: ",
                fault.Message,
                StringComparison.Ordinal
            );
            foreach (
                var path in Directory.Exists(job.Folder)
                    ? Directory.GetFiles(job.Folder, "*.safetensors", SearchOption.AllDirectories)
                    : []
            )
                SafetensorsFile.Open(path).Dispose(); // every file is intact
            foreach (
                var path in Directory.Exists(job.Folder)
                    ? Directory.GetFiles(job.Folder, "*" + ModelFile.Extension)
                    : []
            )
                ModelFile.Read(path);
            Assert.Empty(
                Directory.Exists(job.Folder) ? Directory.GetFiles(job.Folder, ".*", SearchOption.AllDirectories) : []
            );
        }
        finally
        {
            Run("umount", disk);
        }
    }

    [Fact]
    public void Neutral_MixUp_and_class_weights_change_nothing() =>
        CsCheck
            .Gen.Int[0, 1000]
            .Sample(
                seed =>
                {
                    // α so small that every λ is 1 in float; equally many clips per class, for balanced weights of 1.
                    var frames = new Separable { Even = true };
                    var plain = new TrainingOptions
                    {
                        Epochs = 1,
                        BatchSize = 8,
                        Threads = 1,
                        MixUp = 0,
                        ClassWeight = "none",
                        Seed = (ulong)seed,
                    };
                    string Digest(string name, TrainingOptions options)
                    {
                        var job = Job($"{name}{seed}", options) with
                        {
                            Frames = frames,
                            Train = [.. Enumerable.Range(0, 24).Select(i => new TrainingClip(i, i % 3))],
                        };
                        using var trainer = new Trainer(job, TimeProvider.System);
                        trainer.Run();
                        return Convert.ToHexString(
                            System.Runtime.InteropServices.MemoryMarshal.AsBytes(
                                TrainedWeights.Read(job.FinalPath).AsSpan()
                            )
                        );
                    }
                    var expected = Digest("plain", plain);
                    Assert.Equal(expected, Digest("mixed", plain with { MixUp = 1e-9 }));
                    Assert.Equal(expected, Digest("weighted", plain with { ClassWeight = "balanced" }));
                    Assert.NotEqual(expected, Digest("really", plain with { MixUp = 1 }));
                },
                iter: 5,
                threads: 1
            );

    [Fact]
    public void Zero_padding_changes_a_clips_probabilities()
    {
        var job = Job(
            "padded",
            new TrainingOptions
            {
                Epochs = 1,
                BatchSize = 8,
                Threads = 1,
            }
        );
        using (var trainer = new Trainer(job, TimeProvider.System))
            trainer.Run();
        using var predictor = Predictor.Load(job.BestPath, 1);
        var clip = Matrix(job.Frames, 3);
        var longer = clip with { Values = [.. clip.Values, .. new float[5 * Width]], Count = clip.Count + 5 };
        Assert.NotEqual(predictor.Predict([clip])[0], predictor.Predict([longer])[0]);
    }

    [Fact]
    public void A_store_that_is_cut_off_during_training_is_named_and_the_checkpoint_is_whole()
    {
        var frames = new Separable();
        var encoder = new EncoderDescription("test", "1", "", 100, Width, 1);
        var storeFolder = folder.At("store");
        MadeStore.Write(
            storeFolder,
            encoder,
            Enumerable
                .Range(0, Separable.Count)
                .Select(clip => new MadeClip($"/{clip:00}.wav", "a", "s", Matrix(frames, clip).Values))
        );
        using var store = FeatureStore.Open([storeFolder]);
        var options = new TrainingOptions
        {
            Epochs = 4,
            BatchSize = 8,
            Threads = 2,
        };
        var undisturbed = Job("undisturbed", options) with { Frames = new FeatureStoreFrameSource(store) };
        using (var trainer = new Trainer(undisturbed, TimeProvider.System))
            trainer.Run();

        var job = Job("cut", options) with { Frames = new FeatureStoreFrameSource(store) };
        var shard = Assert.Single(Directory.GetFiles(storeFolder, "*.safetensors"));
        var bytes = File.ReadAllBytes(shard);
        using (var trainer = new Trainer(job, TimeProvider.System))
        {
            var cutter = new AtStep(epoch: 3, step: 2, () => Resize(shard, bytes.Length / 2));
            var fault = Assert.Throws<InvalidFileException>(() => trainer.Run(cutter));
            Assert.Contains(shard, fault.Message, StringComparison.Ordinal);
            Assert.Contains("cut off after it was opened", fault.Message, StringComparison.Ordinal);
        }
        SafetensorsFile.Open(Trainer.CheckpointsIn(job.Folder)[0]).Dispose();
        Assert.Equal(2, Trainer.HistoryIn(job.ResumeFolder)!.Value.History.Count);

        using (var stream = new FileStream(shard, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.Write(bytes);
        using (var trainer = new Trainer(job, TimeProvider.System))
            trainer.Run();
        Assert.Equal(TrainedWeights.Read(undisturbed.FinalPath), TrainedWeights.Read(job.FinalPath));
    }

    [Fact]
    public void A_batch_may_be_larger_than_the_training_set()
    {
        var job = Job(
            "small",
            new TrainingOptions
            {
                Epochs = 1,
                BatchSize = 32,
                Threads = 1,
                Copies = 4,
            }
        );
        using var trainer = new Trainer(job with { Train = [.. job.Train.Take(9)] }, TimeProvider.System);
        Assert.Single(trainer.Run().History);
    }

    [Fact]
    public void V1_has_its_own_recipe_and_predicts_from_its_file()
    {
        var options = new TrainingOptions
        {
            Epochs = 3,
            BatchSize = 8,
            Threads = 2,
        }.V1();
        Assert.Equal(
            (0.999, 0.0, 0.0, 0.7, 4),
            (options.Beta2, options.Noise, options.MixUp, options.PlateauFactor, options.PlateauPatience)
        );
        var job = Job("v1", options);
        using (var trainer = new Trainer(job, TimeProvider.System))
            trainer.Run();
        using var predictor = Predictor.Load(job.FinalPath, 1);
        Assert.Equal(
            ("v1", 128, 0.2),
            (predictor.Model.Network.Version, predictor.Model.Network.DenseUnits, predictor.Model.Network.HeadDropout)
        );
        Assert.DoesNotContain(ModelFile.Read(job.FinalPath).Tensors, tensor =>
            tensor.Name.Contains("norm", StringComparison.Ordinal)
        );
        Assert.Equal(1, predictor.Predict([Matrix(job.Frames, 3)])[0].Sum(), 1e-6);
    }

    [Fact]
    public void All_invalid_options_are_reported_at_once()
    {
        var errors = new TrainingOptions
        {
            Epochs = 0,
            BatchSize = 1,
            MixUp = -1,
            Monitor = "loss",
        }
            .Errors()
            .ToList();
        Assert.Equal(4, errors.Count);
        Assert.Contains("--epochs 0: expected 1", errors[0], StringComparison.Ordinal);
    }

    private TrainingJob Job(string name, TrainingOptions options)
    {
        var frames = new Separable();
        TrainingClip[] clips =
        [
            .. Enumerable.Range(0, Separable.Count).Select(i => new TrainingClip(i, Separable.LabelOf(i))),
        ];
        return new(
            frames,
            clips[..66],
            clips[66..],
            ["a", "b", "c"],
            new EncoderDescription("test", "1", "", 100, Width, 1),
            options,
            folder.At(name),
            false,
            [],
            "test"
        );
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true }
        )!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private static void Resize(string path, int length)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(length);
    }

    private static FrameMatrix Matrix(IFrameSource frames, int clip)
    {
        var values = new float[frames.Frames(clip) * Width];
        frames.Read(clip, values);
        return new(values, frames.Frames(clip), 1, Width);
    }

    /// <summary>Clips whose class determines which feature varies; one class is rare.</summary>
    private sealed class Separable : IFrameSource
    {
        /// <summary>A clip whose frames become NaN once <see cref="IsBroken"/>.</summary>
        public int Broken { get; init; } = -1;

        public bool IsBroken { get; set; }

        /// <summary>Whether clip i is of class i mod 3.</summary>
        public bool Even { get; init; }

        public const int Count = 96;

        public int Width => TrainerTests.Width;

        public static int LabelOf(int clip) => clip % 5 == 0 ? 2 : clip % 2;

        public int Frames(int clip) => 20 + (clip * 7 % 23);

        public string NameOf(int clip) => $"clip {clip}";

        public void Read(int clip, Span<float> to)
        {
            new RandomStream(1).ForStream(RandomStreamId.Demo, (uint)clip).FillNormal(to);
            for (var at = Even ? clip % 3 : LabelOf(clip); at < to.Length; at += Width)
                to[at] += 2f;
            if (IsBroken && clip == Broken)
                to[0] = float.NaN;
        }
    }

    private sealed class AtStep(int epoch, int step, Action action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == epoch && value.Step == step)
                action();
        }
    }
}
