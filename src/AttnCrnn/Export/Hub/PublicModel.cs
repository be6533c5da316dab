using System.Text.Json.Nodes;
using AttnCrnn.Models;
using AttnCrnn.Reports;
using AttnCrnn.Reports.ModelCards;

namespace AttnCrnn.Export.Hub;

/// <summary>A model without what a training saves of its data: names of speakers, folders and files.</summary>
internal static class PublicModel
{
    /// <summary>The same weights; of the training options, those that can be published.</summary>
    public static TrainedModel Create(TrainedModel model) =>
        model with
        {
            Info = model.Info with
            {
                Encoder = PublicEncoder.Create(model.Info.Encoder),
                Training = new JsonObject(
                    model
                        .Info.Training.Where(option => ChangedOptions.IsPublic(option.Key))
                        .Select(option => KeyValuePair.Create(option.Key, option.Value?.DeepClone()))
                ),
            },
            Optimizer = null,
        };
}
