namespace AttnCrnn.Training;

/// <summary>A variant of a part of the training that an option selects, such as a schedule.</summary>
/// <param name="Name">Value of the option that selects it.</param>
/// <param name="Options">Further options that it uses and that not every other variant uses.</param>
internal abstract record TrainingVariant(string Name, IReadOnlyList<OptionKey> Options)
{
    /// <summary>
    /// The errors of options that the selected variant does not use. A value counts as given if it differs from the
    /// default of the recipe and the network: a configuration file has a value for every option.
    /// </summary>
    /// <param name="selector">The option that selects the variant.</param>
    /// <param name="variants">All its variants.</param>
    public static IEnumerable<OptionError> FindUnusedOptions(
        TrainingOptions options,
        OptionKey selector,
        IReadOnlyList<TrainingVariant> variants
    )
    {
        var name = TrainingOptions.Table[selector].Format(options);
        if (variants.FirstOrDefault(variant => variant.Name == name) is not { } selected)
            yield break; // an error of the selector
        var defaults = TrainingOptions.Create(options.Recipe, options.Model);
        foreach (var key in variants.SelectMany(variant => variant.Options).Distinct().Except(selected.Options))
        {
            var value = TrainingOptions.Table[key].Format(options);
            if (value.Length == 0 || value == TrainingOptions.Table[key].Format(defaults))
                continue;
            var users = variants.Where(variant => variant.Options.Contains(key)).Select(variant => variant.Name);
            yield return new(
                key,
                value,
                OptionText.Create(
                    $"has no effect with {selector} {name}; omit it, or choose {selector} {string.Join(" or ", users)}"
                )
            );
        }
    }
}
