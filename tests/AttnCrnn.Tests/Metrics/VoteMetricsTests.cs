using AttnCrnn.Metrics;

namespace AttnCrnn.Tests.Metrics;

/// <summary>Against values computed by hand.</summary>
public sealed class VoteMetricsTests
{
    // Votes 3 : 1 against 1 : 1, an equal distribution, and a certain vote that was predicted with 0.8.
    private static readonly double[]?[] Votes =
    [
        [0.75, 0.25, 0],
        null,
        [0.5, 0.5, 0],
        [0, 0, 1],
    ];

    private static readonly double[][] Predictions =
    [
        [0.5, 0.5, 0],
        [1, 0, 0],
        [0.5, 0.5, 0],
        [0.1, 0.1, 0.8],
    ];

    [Fact]
    public void Means_are_over_the_clips_with_votes()
    {
        var metrics = VoteMetrics.Compute(Votes, Predictions)!;
        Assert.Equal(3, metrics.ClipCount);
        // ln 2, ln 2 and -ln 0.8.
        Assert.Equal((0.6931471806 + 0.6931471806 + 0.2231435513) / 3, metrics.CrossEntropy, 1e-9);
        // -0.75 ln 0.75 - 0.25 ln 0.25, ln 2 and 0.
        Assert.Equal((0.5623351446 + 0.6931471806 + 0) / 3, metrics.Entropy, 1e-9);
        // Half of 0.75 ln (0.75 / 0.625) + 0.25 ln (0.25 / 0.375) + 0.5 ln (0.5 / 0.625) + 0.5 ln (0.5 / 0.375),
        // 0, and half of ln (1 / 0.9) + 2 · 0.1 ln 2 + 0.8 ln (0.8 / 0.9).
        Assert.Equal((0.0338220756 + 0 + 0.0748817616) / 3, metrics.JensenShannon, 1e-9);
    }

    [Fact]
    public void A_tie_has_no_majority()
    {
        var metrics = VoteMetrics.Compute(Votes, Predictions)!;
        Assert.Equal((2, 1.0, 1.0), (metrics.MajorityClipCount, metrics.MajorityAccuracy, metrics.MajorityUar));
        // Of three clips of the first class one is right, and the clip of the second class: accuracy 1/2, UAR 2/3.
        metrics = VoteMetrics.Compute(
            [
                [0.6, 0.4],
                [0.6, 0.4],
                [0.6, 0.4],
                [0.1, 0.9],
            ],
            [
                [0.3, 0.7],
                [0.8, 0.2],
                [0.2, 0.8],
                [0.1, 0.9],
            ]
        )!;
        Assert.Equal((4, 0.5), (metrics.MajorityClipCount, metrics.MajorityAccuracy));
        Assert.Equal(2 / 3.0, metrics.MajorityUar, 1e-12);
    }

    [Fact]
    public void Ties_alone_have_no_accuracy() =>
        Assert.True(
            double.IsNaN(
                VoteMetrics
                    .Compute(
                        [
                            [0.5, 0.5],
                        ],
                        [
                            [0.3, 0.7],
                        ]
                    )!
                    .MajorityAccuracy
            )
        );

    [Fact]
    public void A_class_with_votes_that_was_predicted_with_zero_gives_a_finite_cross_entropy()
    {
        var metrics = VoteMetrics.Compute(
            [
                [1, 0],
            ],
            [
                [0, 1],
            ]
        )!;
        Assert.Equal(36.04365, metrics.CrossEntropy, 1e-4); // of the machine epsilon
        Assert.Equal(Math.Log(2), metrics.JensenShannon, 1e-12);
    }

    [Fact]
    public void Without_votes_there_are_no_metrics() =>
        Assert.Null(
            VoteMetrics.Compute(
                [null],
                [
                    [0.5, 0.5],
                ]
            )
        );
}
