/* Draws a table's own numbers above it. The table stays: who can't see the drawing, or has no
 * script, has lost nothing.
 *
 *   <table data-chart="bar|column|line" data-most="of more rows, the greatest are drawn">
 *                                          bar: lying, for long names, the greatest first
 *   <th data-series="name" data-unit="mnt">  a column that is drawn; its name where the head is short
 *   <th data-series="…" data-was>            the same in another period: an outline
 *   <th scope="row">                       a label; <td data-value="12.5"> its number
 */

/* Apart by lightness and shape, so also in grey and for who sees few colours. */
const SERIES = [
  {fill: "#0b4a7a", edge: "#0b4a7a", dash: [], point: "circle"},
  {fill: "#f0b45a", edge: "#8a4b00", dash: [8, 4], point: "rectRot"},
];
const WAS = {fill: "#ffffff", edge: "#0e1f2f", dash: [2, 3], point: "triangle"};
const BAR = 15, GAP = 9; // px of height for a lying bar, and between two groups of them
const MOST = 20;       // lying groups that are drawn
const LONGEST = 34;    // characters of a label that are drawn
const FEWEST = 2;      // rows below which a drawing says no more than the table

const lang = document.documentElement.lang;
const number = new Intl.NumberFormat(lang, {maximumFractionDigits: 1});
const Chart = window.Chart;

Chart.defaults.animation = false;
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.font.size = 14;
Chart.defaults.color = "#0e1f2f";
Chart.defaults.borderColor = "#cfd8e0";

/* A canvas does not change its letters when the font comes. */
document.fonts.load("14px 'Atkinson Hyperlegible'").catch(() => []).then(() => {
  for (const table of document.querySelectorAll("table[data-chart]")) {
    const data = read(table);
    if (data.labels.length >= FEWEST && data.series.length) draw(table, data);
  }
});

/* Printers take the page's width, which is not the window's. */
addEventListener("beforeprint", () => { for (const id in Chart.instances) Chart.instances[id].resize(680, Chart.instances[id].height); });
addEventListener("afterprint", () => { for (const id in Chart.instances) Chart.instances[id].resize(); });

function read(table) {
  const heads = Array.from(table.tHead.rows[table.tHead.rows.length - 1].cells);
  const rows = Array.from(table.tBodies[0].rows);
  const series = heads.flatMap((head, at) => "series" in head.dataset ? [{
    name: head.dataset.series || head.textContent.trim(), was: "was" in head.dataset, unit: head.dataset.unit || "",
    values: rows.map((row) => value(row.cells[at])),
  }] : []);
  const labels = rows.map((row) => row.cells[0].textContent.trim());
  return table.dataset.chart === "bar" ? greatest(labels, series) : {labels, series, cut: false};
}

function greatest(labels, series) {
  const first = series[0].values;
  const order = labels.map((_, at) => at).sort((one, other) => (first[other] || 0) - (first[one] || 0));
  const kept = order.slice(0, MOST), pick = (values) => kept.map((at) => values[at]);
  return {labels: pick(labels), series: series.map((one) => ({...one, values: pick(one.values)})), cut: kept.length < labels.length};
}

function value(cell) {
  return cell && cell.dataset.value ? Number(cell.dataset.value) : null;
}

function draw(table, {labels, series, cut}) {
  const kind = table.dataset.chart, lying = kind === "bar";
  const box = document.createElement("div"), canvas = document.createElement("canvas");
  box.className = "chart";
  box.setAttribute("aria-hidden", "true");
  if (lying) box.style.height = `${labels.length * (series.length * BAR + GAP) + 90}px`;
  box.append(canvas);
  table.closest(".table").before(box);
  if (cut) {
    const said = document.createElement("p");
    said.className = "quiet";
    said.textContent = `${table.dataset.most} ${labels.length}`;
    box.before(said);
  }
  const unit = series[0].unit;
  const measure = {
    beginAtZero: true, title: {display: Boolean(unit), text: unit},
    ticks: {callback: (tick) => number.format(tick), precision: unit ? undefined : 0},
  };
  const names = {grid: {display: false}, ticks: {autoSkip: !lying, maxRotation: 0}};
  new Chart(canvas, {
    type: kind === "line" ? "line" : "bar",
    data: {labels: labels.map(short), datasets: series.map((one, at) => dataset(one, one.was ? WAS : SERIES[at % SERIES.length], kind))},
    options: {
      indexAxis: lying ? "y" : "x", responsive: true, maintainAspectRatio: false,
      interaction: {mode: "index", axis: lying ? "y" : "x", intersect: false},
      scales: lying ? {x: measure, y: names} : {x: names, y: measure},
      plugins: {
        legend: {display: series.length > 1, position: "top", align: "start", labels: {usePointStyle: kind === "line", boxWidth: 18, boxHeight: kind === "line" ? 8 : 12}},
        tooltip: {callbacks: {
          title: (items) => labels[items[0].dataIndex],
          label: (item) => `${item.dataset.label}: ${number.format(item.raw)} ${unit}`.trim(),
        }},
      },
    },
  });
}

function dataset(one, look, kind) {
  const shared = {label: one.name, data: one.values, borderColor: look.edge, borderWidth: 2};
  if (kind === "line") {
    return {...shared, backgroundColor: look.edge, borderDash: look.dash, pointStyle: look.point, pointRadius: 4, spanGaps: false};
  }
  return {...shared, backgroundColor: look.fill, maxBarThickness: 26, categoryPercentage: 0.75};
}

function short(label) {
  return label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;
}
