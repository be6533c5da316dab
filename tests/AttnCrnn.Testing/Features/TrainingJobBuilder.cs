using AttnCrnn.Encoders;
using AttnCrnn.Training;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Testing.Features;

/// <summary>Trainings that take a fraction of a second per epoch.</summary>
internal static class TrainingJobBuilder
{
    /// <summary>A training on separable clips: 66 for training, 30 for validation.</summary>
    /// <param name="folder">The folder for the models and checkpoints.</param>
    /// <param name="clips">null: clips with a rare class.</param>
    public static TrainingJob Create(string folder, TrainingOptions options, SeparableClips? clips = null)
    {
        clips ??= new();
        TrainingClip[] labeled =
        [
            .. Enumerable.Range(0, SeparableClips.Count).Select(clip => new TrainingClip(clip, clips.LabelOf(clip))),
        ];
        return new(
            clips,
            labeled[..66],
            labeled[66..],
            ["a", "b", "c"],
            new EncoderDescription("test", "1", "", 100, clips.Width, 1),
            options,
            folder,
            false,
            [],
            "test"
        );
    }

    public static TrainingOutcome Train(TrainingJob job)
    {
        using var trainer = new Trainer(job, TimeProvider.System);
        return trainer.Run();
    }

    /// <summary>A clip as a predictor takes it.</summary>
    public static FrameMatrix ReadClip(IFrameSource frames, int clip, int layers = 1)
    {
        var values = new float[frames.CountFrames(clip) * frames.Width];
        frames.Read(clip, values);
        return new(values, frames.CountFrames(clip), layers, frames.Width / layers);
    }
}
