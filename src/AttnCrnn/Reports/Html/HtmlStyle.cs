namespace AttnCrnn.Reports.Html;

/// <summary>
/// Style sheet of the report: one column, system fonts, scrollable tables on small screens, colors preserved in print.
/// </summary>
internal static class HtmlStyle
{
    private const string Rules = """
        :root{color-scheme:light}*{box-sizing:border-box}
        body{margin:0;background:#fff;color:#1b1f24;
            font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;
            -webkit-print-color-adjust:exact;print-color-adjust:exact}
        main{max-width:60rem;margin:0 auto;padding:1rem}
        h1{font-size:1.6rem;line-height:1.2;margin:.2rem 0 1rem}h2{font-size:1.15rem;margin:2rem 0 .4rem}
        .run{color:#57606a;margin:0;overflow-wrap:anywhere;font-size:.9rem}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:.8rem}
        .tile{border:1px solid #d0d7de;border-radius:.5rem;padding:.8rem 1rem}.tile h2{margin:0;font-size:1rem}
        .big{font-size:2.2rem;font-weight:700;line-height:1.1;margin:.2rem 0}.ci{margin:0}
        .small{color:#57606a;font-size:.9rem;margin:.2rem 0 .6rem}
        .warn,.good{padding:.7rem 1rem;border-left:.35rem solid;overflow-wrap:anywhere}
        .warn{background:#fff4e5;border-color:#c75000}.good{background:#e8f5ec;border-color:#1a7f37}
        .scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
        th,td{padding:.3rem .6rem;border-bottom:1px solid #d0d7de;text-align:right;white-space:nowrap}
        th[scope=row],th:first-child{text-align:left;position:sticky;left:0;background:#fff}
        thead th{border-bottom:2px solid #8c959f;font-size:.9rem}
        .cell{text-align:center;min-width:3.4rem;border:1px solid #fff}
        .cell.right{outline:2px solid #1b1f24;outline-offset:-2px}.cell small{opacity:.85}
        .share{min-width:10rem}.bar{height:.8rem;background:#08519c}
        table.plain td{text-align:left;white-space:normal;overflow-wrap:anywhere}
        table.plain th{vertical-align:top;font-weight:600}
        figure{margin:0}img{max-width:100%;height:auto;border:1px solid #d0d7de}
        figcaption{color:#57606a;font-size:.9rem}
        @media print{main{max-width:none;padding:0}section,tr,figure{break-inside:avoid}.scroll{overflow:visible}
        body{font-size:11pt}th,td{padding:.15rem .35rem;white-space:normal}.cell{min-width:0}}
        """;

    public static HtmlFragment Css { get; } = HtmlFragment.FromConstant(Rules);
}
