using AttnCrnn.Models;
using AttnCrnn.Models.Keras;
using AttnCrnn.Models.Weights;
using AttnCrnn.Tests.Formats;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>
/// Mutations of a model in one HDF5 file, which has no checksums: each is rejected or gives a consistent model, in
/// bounded memory.
/// </summary>
public sealed class KerasHdf5SweepTests
{
    private const int OffsetsPerFile = 200;

    private static readonly string[] Labels = ["a", "b", "c"];

    [Theory]
    [InlineData("2.15.0-tf-legacy.h5")]
    [InlineData("3.15.1-jax-legacy.h5")]
    public void A_mutated_HDF5_file_is_rejected_or_gives_a_consistent_model(string name)
    {
        var file = File.ReadAllBytes(Fixtures.Path("keras", "versions", name));
        var sweep = ByteMutation.Sweep(
            file,
            Enumerable.Range(0, OffsetsPerFile).Select(i => (int)((long)i * file.Length / OffsetsPerFile)),
            Read,
            (model, _, _) =>
            {
                if (model is null)
                    return;
                Assert.Equal(
                    Parameters.ListShapes(model.Info.Network).Select(shape => shape.Name),
                    model.Tensors.Select(tensor => tensor.Name)
                );
                Assert.All(model.Tensors, tensor =>
                {
                    Assert.Equal(tensor.Shape.Aggregate(1, (a, b) => a * b), tensor.Values.Length);
                    Assert.True(tensor.Values.All(float.IsFinite));
                });
            }
        );
        Assert.InRange(sweep.Accepted, 1, sweep.MutationCount - 1);
    }

    // Null: the number of labels differs, which is not an invalid file.
    private static TrainedModel? Read(byte[] file)
    {
        try
        {
            return ModelFile.Read(KerasHdf5File.Read("x.h5", file), Labels, withOptimizer: true);
        }
        catch (InvalidInputException exception) when (exception is not InvalidFileException)
        {
            Assert.Contains("outputs", exception.Message, StringComparison.Ordinal);
            return null;
        }
    }
}
