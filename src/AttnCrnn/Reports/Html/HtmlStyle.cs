namespace AttnCrnn.Reports.Html;

/// <summary>
/// Style sheet of the pages: one column, system fonts, a light and a dark theme, tables that scroll sideways on small
/// screens, and print in the light theme.
/// </summary>
internal static class HtmlStyle
{
    // All text has a contrast of 4.5:1 or more. The series are those of Okabe and Ito 2008, lighter in the dark theme.
    // At an opacity of 0.78, black and white text on the heat color have the same contrast in both themes.
    private const string Light = """
        --back:#fff;--text:#1b1f24;--muted:#57606a;--line:#d0d7de;--heat:#08519c;--on-heat:#fff;--off-heat:#000;
        --link:#0550ae;--warn-back:#fff4e5;--warn-line:#c75000;--good-back:#e8f5ec;--good-line:#1a7f37;--shadow:#0003;
        --series-0:#0072b2;--series-1:#d55e00;--series-2:#009e73;--series-3:#cc79a7;--series-4:#56b4e9;
        --series-5:#e69f00;--series-6:#000;--series-7:#8c6d1f;
        """;

    private const string Dark = """
        --back:#0d1117;--text:#f0f3f6;--muted:#a9b3be;--line:#3a424c;--heat:#4c94e8;--on-heat:#000;--off-heat:#fff;
        --link:#79b8ff;--warn-back:#3a2508;--warn-line:#f0883e;--good-back:#0f2d1a;--good-line:#3fb950;--shadow:#fff4;
        --series-0:#4ea8e0;--series-1:#ff8c42;--series-2:#2fc49a;--series-3:#e39bc4;--series-4:#9fd8fb;
        --series-5:#f5b83d;--series-6:#f0f3f6;--series-7:#c9a74f;
        """;

    private const string Layout = """
        *{box-sizing:border-box}
        body{margin:0;background:var(--back);color:var(--text);
            font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;
            -webkit-print-color-adjust:exact;print-color-adjust:exact}
        main{max-width:60rem;margin:0 auto;padding:1rem}a{color:var(--link)}
        h1{font-size:1.2rem;line-height:1.2;margin:.2rem 0 1rem}h2{font-size:1.15rem;margin:2rem 0 .4rem}
        h3{font-size:1rem;margin:1.4rem 0 .3rem}
        .claim{font-size:1.35rem;line-height:1.35;font-weight:600;margin:0 0 1rem;text-wrap:pretty}
        .run{color:var(--muted);margin:0;overflow-wrap:anywhere;font-size:.9rem}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:.8rem}
        .tile{border:1px solid var(--line);border-radius:.5rem;padding:.8rem 1rem}.tile h2{margin:0;font-size:1rem}
        .big{font-size:2.2rem;font-weight:700;line-height:1.1;margin:.2rem 0}.ci{margin:0}
        .small{color:var(--muted);font-size:.9rem;margin:.2rem 0 .6rem}
        .warn,.good{padding:.7rem 1rem;border-left:.35rem solid;overflow-wrap:anywhere}
        .warn{background:var(--warn-back);border-color:var(--warn-line)}
        .good{background:var(--good-back);border-color:var(--good-line)}
        summary{cursor:pointer}
        @media print{main{max-width:none;padding:0}section.tile,tr,figure{break-inside:avoid}h2,h3{break-after:avoid}
        body{font-size:10.5pt}audio{display:none}.claim{font-size:14pt}}
        """;

    // A shadow at an edge beyond which a table continues: the inner gradients move with the table and cover it.
    private const string Tables = """
        .scroll{overflow-x:auto;background:
            linear-gradient(to left,var(--back) 40%,transparent) right/3rem 100% no-repeat local,
            linear-gradient(to left,var(--shadow),transparent) right/1.2rem 100% no-repeat scroll}
        .hint{display:none;color:var(--muted);font-size:.85rem;margin:.2rem 0}.overflows+.hint{display:block}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}
        th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
        th[scope=row],th:first-child{text-align:left;position:sticky;left:0;background:var(--back)}
        thead th{border-bottom:2px solid var(--muted);font-size:.9rem;vertical-align:bottom}
        th button{all:unset;cursor:pointer;font-weight:600}th button::after{content:" \2195";color:var(--muted)}
        th button:focus-visible,.scroll:focus-visible{outline:2px solid var(--link);outline-offset:2px}
        th[aria-sort=ascending] button::after{content:" \2191";color:var(--text)}
        th[aria-sort=descending] button::after{content:" \2193";color:var(--text)}
        .detail{display:block;color:var(--muted);font-size:.85rem}
        tfoot th,tfoot td{border-top:2px solid var(--muted)}
        .share{min-width:10rem}.bar{height:.8rem;background:var(--heat)}
        table.plain td{text-align:left;white-space:normal;overflow-wrap:anywhere}
        table.plain th{vertical-align:top;font-weight:600}audio{height:2rem;width:15rem;vertical-align:middle}
        @media print{.scroll{overflow:visible;background:none}.hint,th button::after{display:none!important}
        th,td{padding:.15rem .35rem;white-space:normal}th{position:static!important}}
        """;

    private const string Charts = """
        figure{margin:.5rem 0}figcaption{color:var(--muted);font-size:.9rem;max-width:40rem}
        .chart svg{display:block;width:100%;max-width:32rem;height:auto}.chart.wide svg{max-width:60rem}
        img{max-width:100%;height:auto;border:1px solid var(--line)}
        @media print{.chart svg{max-width:11cm}.chart.wide svg{max-width:100%}}
        """;

    private const string Rules =
        ":root{color-scheme:light;"
        + Light
        + "}@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;"
        + Dark
        + "}}\n"
        + Layout
        + Tables
        + Charts;

    public static HtmlFragment Css { get; } = HtmlFragment.FromConstant(Rules);
}
