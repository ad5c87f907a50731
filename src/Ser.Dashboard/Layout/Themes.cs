using MudBlazor;

namespace Ser.Dashboard.Layout;

/// <summary>Colours and fonts. In both themes every text has a contrast of at least 4.5:1 to its background (WCAG AA).</summary>
internal static class Themes
{
    private static readonly string[] Fonts =
        ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "DejaVu Sans", "sans-serif"];

    public static MudTheme Ser { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#2c3e9e",
            Background = "#f7f7f9",
            Surface = "#ffffff",
            TextPrimary = "#24262d",
            TextSecondary = "#5a5e6a",
            LinesDefault = "#e2e3e8",
            LinesInputs = "#84889a",
            TableLines = "#e2e3e8",
            Divider = "#e2e3e8",
            Success = "#19743b",
            Info = "#1a66b8",
            Warning = "#8f5800",
            Error = "#b3261e",
            ActionDefault = "#5a5e6a",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#a9b6ff",
            PrimaryContrastText = "#1b1c22",
            Background = "#26272d",
            Surface = "#303138",
            TextPrimary = "#e8e8ec",
            TextSecondary = "#b3b5c0",
            LinesDefault = "#45464f",
            LinesInputs = "#84889a",
            TableLines = "#45464f",
            Divider = "#45464f",
            Success = "#6fd391",
            Info = "#86b8ff",
            Warning = "#ecb65c",
            Error = "#ff9a92",
            ActionDefault = "#b3b5c0",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = "0.875rem", LineHeight = "1.45" },
            Button = new ButtonTypography { FontFamily = Fonts, TextTransform = "none", FontSize = "0.8125rem" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "4px" },
    };
}
