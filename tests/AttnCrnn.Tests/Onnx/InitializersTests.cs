using AttnCrnn.Onnx;

namespace AttnCrnn.Tests.Onnx;

public sealed class InitializersTests
{
    private static readonly float[] Bias = [1, 2, 3];

    [Fact]
    public void Weights_of_a_model_are_read_by_their_names() =>
        Assert.Equal(Bias, new Initializers(CreateModel()).Read("bias", 3));

    [Theory]
    [InlineData("bias", 4)]
    [InlineData("other", 3)]
    public void Another_name_or_size_is_refused(string name, int count) =>
        Assert.Contains(
            name,
            Assert.Throws<InvalidDataException>(() => new Initializers(CreateModel()).Read(name, count)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_truncated_model_is_refused()
    {
        var model = CreateModel();
        Assert.Throws<InvalidDataException>(() => new Initializers(model[..(model.Length / 2)]).Read("bias", 3));
    }

    private static byte[] CreateModel()
    {
        var graph = new GraphBuilder("sum");
        graph.AddOutput("y", graph.Add(graph.AddInput("x", -1, 3), graph.Constant("bias", Bias, 3)), -1, 3);
        return graph.ToModel();
    }
}
