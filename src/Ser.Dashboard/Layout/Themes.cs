using MudBlazor;

namespace Ser.Dashboard.Layout;

/// <summary>Colours and letters. Every text has a contrast of 4.5 to what is behind it, in both themes.</summary>
internal static class Themes
{
    private static readonly string[] Letters = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "DejaVu Sans", "sans-serif"];

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
            Default = new DefaultTypography { FontFamily = Letters, FontSize = "0.875rem", LineHeight = "1.45" },
            Button = new ButtonTypography { FontFamily = Letters, TextTransform = "none", FontSize = "0.8125rem" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "4px" },
    };
}
