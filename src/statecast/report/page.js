"use strict";
// Draws the charts of the page: those that are the same for all series, and those of the series that is chosen.
{
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const choice = document.getElementById("series");
  const root = document.documentElement;
  // Buttons by name: among Plotly's own ones is one that sends the chart away.
  const buttons = [["toImage", "zoom2d", "pan2d", "resetScale2d"]];
  const settings = { displaylogo: false, responsive: true, modeBarButtons: buttons, showSendToCloud: false };

  // Colours of figures are names of variables in the stylesheet, which has them for a light and a dark page.
  const coloured = (figure) => {
    const style = getComputedStyle(root);
    const named = (text) => (/^var\(--[a-z]+\)$/.test(text) ? style.getPropertyValue(text.slice(4, -1)).trim() : text);
    return JSON.parse(JSON.stringify(figure), (key, value) =>
      !key.endsWith("color") ? value : Array.isArray(value) ? value.map(named) : named(value)
    );
  };

  const layoutOf = (own, width) => {
    const style = getComputedStyle(root);
    const [ink, line, box, soft] = ["--ink", "--line", "--box", "--soft"].map((name) => style.getPropertyValue(name).trim());
    const axis = { gridcolor: line, linecolor: line, zerolinecolor: line, automargin: true };
    return {
      ...(width === undefined ? { autosize: true } : { width }),
      margin: { l: 60, r: 20, t: 40, b: 45 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: ink, family: getComputedStyle(document.body).fontFamily, size: 13 },
      legend: { orientation: "h", x: 0, y: -0.2, yanchor: "top" },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: soft, activecolor: ink },
      hovermode: "closest",
      hoverdistance: -1,
      hoverlabel: { bgcolor: box, bordercolor: line, font: { color: ink }, align: "left" },
      ...own,
      xaxis: { ...axis, ...own.xaxis },
      yaxis: { ...axis, ...own.yaxis },
    };
  };

  const draw = (width) => {
    const view = charts.views[choice ? Number(choice.value) : 0] ?? {};
    for (const [place, figure] of Object.entries({ ...charts.fixed, ...view })) {
      const target = document.getElementById(place);
      document.getElementById(`${place}-caption`).textContent = figure.caption ?? "";
      if (figure.data === undefined) {
        Plotly.purge(target);
        target.replaceChildren();
        continue;
      }
      const { data, layout } = coloured(figure);
      target.style.height = `${layout.height ?? 380}px`;
      const half = width !== undefined && target.closest(".pair") ? width / 2 : width;
      Plotly.react(target, data, layoutOf(layout, half), settings);
    }
  };

  draw();
  choice?.addEventListener("change", () => draw());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw());
  addEventListener("beforeprint", () => {
    root.classList.add("printed");
    draw(680);
  });
  addEventListener("afterprint", () => {
    root.classList.remove("printed");
    draw();
  });
}
