using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Reports;

public sealed class HardClassTests
{
    [Fact]
    public void Classes_of_lowest_recall_come_first_with_their_confusions_and_most_confident_errors()
    {
        var result = PredictionBuilder.Result([
            PredictionBuilder.Clip("/a.wav", "s", 0, [0.7, 0.1, 0.1, 0.1]),
            PredictionBuilder.Clip("/b.wav", "s", 1, [0.1, 0.7, 0.1, 0.1]),
            PredictionBuilder.Clip("/c.wav", "s", 1, [0.1, 0.2, 0.6, 0.1]),
            PredictionBuilder.Clip("/d.wav", "s", 2, [0.1, 0.5, 0.3, 0.1]),
            PredictionBuilder.Clip("/e.wav", "s", 2, [0.1, 0.6, 0.2, 0.1]),
            PredictionBuilder.Clip("/f.wav", "s", 2, [0.4, 0.3, 0.2, 0.1]),
        ]);
        var classes = HardClass.Find(result);
        Assert.Equal(["happy", "calm"], classes.Select(hardClass => result.Labels[hardClass.Index]));
        Assert.Equal([(1, 2), (0, 1)], classes[0].Confusions);
        Assert.Equal(["/e.wav", "/d.wav", "/f.wav"], classes[0].Errors.Select(clip => clip.Path));
        Assert.Equal([(2, 1)], classes[1].Confusions);
    }

    [Fact]
    public void At_most_three_classes_and_four_errors_of_each_are_listed()
    {
        var result = PredictionBuilder.Result([.. PredictionBuilder.Clips(speakers: 6, clipsEach: 8, rightOf: 0)]);
        var classes = HardClass.Find(result);
        Assert.Equal(3, classes.Count);
        Assert.All(classes, hardClass => Assert.Equal(4, hardClass.Errors.Count));
    }
}
