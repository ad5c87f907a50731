// Drives ECharts. Options arrive once as JSON and new points are appended to them. This module owns the options and sets them again
// after a change of theme, because ECharts drops merged data then (apache/echarts #21200).
const charts = new Map();
let loading = null;

const load = (url) => loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(window.echarts);
    script.onerror = () => reject(new Error(`${url} cannot be loaded`));
    document.head.append(script);
});

const percent = (value, digits = 1) => (value === null || value === undefined || Number.isNaN(value) ? "–" : `${(100 * value).toFixed(digits)}`);
const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

// Options refer to formatters by name, so that no text from the server is evaluated as code.
const formatters = {
    percent: (value) => percent(Array.isArray(value) ? value.at(-1) : value?.value !== undefined ? (Array.isArray(value.value) ? value.value.at(-1) : value.value) : value),
    percent0: (value) => percent(value, 0),
    number: (value) => (typeof value === "number" ? String(Number(value.toPrecision(4))) : value),
    cell: (item) => item.data.text ?? percent(item.value[2]),
    surfaceTip: (item) => `k = ${escape(item.name || item.data.k)}, α = ${escape(item.data.alpha)}<br>UA <b>${percent(item.data.ua, 2)} %</b>${item.data.note ? `<br>${escape(item.data.note)}` : ""}`,
    matrixTip: (item) => escape(item.data.tip),
    itemTip: (item) => escape(item.data?.tip ?? item.name),
    curvesTip: (items) => `epoch ${escape(items[0]?.axisValue)}<br>` + items.filter((item) => item.seriesName && !item.seriesName.startsWith("_"))
        .map((item) => `${item.marker}${escape(item.seriesName)} <b>${percent(Array.isArray(item.value) ? item.value.at(-1) : item.value)}</b>`).join("<br>"),
};

const bind = (node) => {
    if (Array.isArray(node)) {
        // Arrays of numbers contain no formatters.
        if (node.length > 0 && typeof node[0] !== "number") {
            node.forEach(bind);
        }
    } else if (node && typeof node === "object") {
        for (const [key, value] of Object.entries(node)) {
            if ((key === "formatter" || key === "valueFormatter") && typeof value === "string" && value.startsWith("@")) {
                node[key] = formatters[value.slice(1)] ?? (() => `no formatter ${value}`);
            } else {
                bind(value);
            }
        }
    }
};

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Replaces "--name" with the colour of that name from the style sheet.
const coloured = (node) => {
    if (typeof node === "string") {
        return node.startsWith("--") ? style(node) : node;
    }
    if (Array.isArray(node)) {
        return node.length > 0 && typeof node[0] === "number" ? node : node.map(coloured);
    }
    if (node && typeof node === "object") {
        return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, coloured(value)]));
    }
    return node;
};

const theme = () => {
    const text = style("--text");
    const soft = style("--soft");
    const line = style("--line");
    const axis = { axisLine: { lineStyle: { color: soft } }, axisTick: { lineStyle: { color: soft } }, axisLabel: { color: soft }, splitLine: { lineStyle: { color: line } }, nameTextStyle: { color: soft } };
    return {
        backgroundColor: "transparent",
        textStyle: { color: text, fontFamily: "system-ui, sans-serif" },
        categoryAxis: axis,
        valueAxis: axis,
        legend: { textStyle: { color: text }, pageTextStyle: { color: text } },
        visualMap: { textStyle: { color: soft } },
    };
};

const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

const draw = (chart) => {
    const options = coloured(chart.options);
    bind(options);
    options.animation = false;
    if (options.tooltip) {
        Object.assign(options.tooltip, { backgroundColor: style("--surface"), borderColor: style("--line"), textStyle: { color: style("--text"), fontSize: 12 }, confine: true, transitionDuration: still ? 0 : 0.1 });
    }
    chart.view.setOption(options, { notMerge: true });
    if (options.brush) {
        chart.view.dispatchAction({ type: "takeGlobalCursor", key: "brush", brushOption: { brushType: "rect", brushMode: "single" } });
    }
};

const open = (chart) => {
    chart.view?.dispose();
    chart.view = window.echarts.init(chart.element, theme(), { renderer: "canvas" });
    chart.view.on("click", (event) => chart.net?.invokeMethodAsync("Clicked", event.seriesName ?? "", event.name ?? "", event.dataIndex ?? -1, event.data?.key ?? null));
    chart.view.on("brushSelected", (event) => {
        chart.brushed = (event.batch[0]?.selected ?? []).filter((series) => series.dataIndex.length > 0).map((series) => ({ series: series.seriesIndex, index: series.dataIndex }));
    });
    chart.view.on("brushEnd", () => setTimeout(() => chart.net?.invokeMethodAsync("Brushed", chart.brushed ?? []), 50));
    draw(chart);
};

export async function create(id, element, url, json, net) {
    const chart = { element, net, options: JSON.parse(json), view: null };
    charts.set(id, chart);
    await load(url);
    if (charts.get(id) !== chart) {
        return; // disposed of while ECharts was loading
    }
    open(chart);
    chart.size = new ResizeObserver(() => chart.view?.resize());
    chart.size.observe(element);
}

export function set(id, json) {
    const chart = charts.get(id);
    if (chart) {
        chart.options = JSON.parse(json);
        if (chart.view) {
            draw(chart);
        }
    }
}

// points: for each series by name, a list of [x, y, …]. A point replaces an existing one with the same x.
export function append(id, points) {
    const chart = charts.get(id);
    if (!chart) {
        return;
    }
    const changed = [];
    for (const [name, added] of Object.entries(points)) {
        const series = chart.options.series.find((one) => one.name === name);
        if (series) {
            for (const point of added) {
                const at = series.data.findIndex((known) => known[0] === point[0]);
                if (at >= 0) {
                    series.data[at] = point;
                } else {
                    series.data.push(point);
                }
            }
            changed.push({ name, data: series.data });
        }
    }
    chart.view?.setOption({ series: changed });
}

// series: new data of some series by name; it replaces the old data.
export function put(id, series) {
    const chart = charts.get(id);
    if (!chart) {
        return;
    }
    const changed = Object.entries(series).map(([name, data]) => ({ name, data }));
    for (const { name, data } of changed) {
        const known = chart.options.series.find((one) => one.name === name);
        if (known) {
            known.data = data;
        }
    }
    chart.view?.setOption({ series: coloured(changed) });
}

export function dispose(id) {
    const chart = charts.get(id);
    charts.delete(id);
    chart?.size?.disconnect();
    chart?.view?.dispose();
}

window.addEventListener("ser-theme", () => {
    for (const chart of charts.values()) {
        if (chart.view) {
            open(chart);
        }
    }
});
