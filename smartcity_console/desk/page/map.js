// The place on a map: an SVG drawn from GeoJSON around the position, in local metres (good to a fraction of a metre at
// this size). Without map data the position still stands there with its uncertainty, scale and coordinates.

import { h, replace, s } from "./dom.js";
import { w } from "./words.js";

const RADII_M = [80, 160, 320, 640];
const M_PER_DEG = 111320;
const MOST_NAMES = 7;
const RANKS = ["alley", "collector", "arterial"];
const ORDER = ["district", "park", "water", "road", "building"];

export class PlaceMap {
  constructor(position, kind) {
    this.position = position;
    this.kind = kind;
    this.level = 1;
    this.note = h("span", { class: "map-note" });
    this.canvas = h("div", { class: "map-canvas" });
    this.element = h("div", { class: "map" }, this.canvas, this.buttons(), this.note);
    this.features = [];
    this.units = [];
    this.observer = new ResizeObserver(() => this.paint());
    this.observer.observe(this.canvas);
    this.draw();
  }

  close() {
    this.observer.disconnect();
  }

  /** Show units: [{unit, place: {lon_deg, lat_deg}}]. */
  showUnits(units) {
    this.units = units.filter((unit) => unit.place);
    this.paint();
  }

  /** Call `done({lon_deg, lat_deg})` with the next point that is clicked; `done` null gives up. */
  pick(done) {
    this.picked = done;
    this.canvas.classList.toggle("picking", Boolean(done));
  }

  clicked(event, view) {
    if (!this.picked) return;
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(view.getScreenCTM().inverse());
    const { lon_deg: lon, lat_deg: lat } = this.position;
    this.picked({ lon_deg: lon + point.x / this.perLon(), lat_deg: lat - point.y / M_PER_DEG });
    this.pick(null);
  }

  buttons() {
    const zoom = (step) => () => {
      this.level = Math.min(RADII_M.length - 1, Math.max(0, this.level + step));
      this.draw();
    };
    return h("div", { class: "map-buttons" },
      h("button", { type: "button", "aria-label": w("zoom_in"), onclick: zoom(-1) }, "+"),
      h("button", { type: "button", "aria-label": w("zoom_out"), onclick: zoom(1) }, "−"));
  }

  async draw() {
    const level = this.level;
    this.paint();
    const features = await this.load(RADII_M[level]);
    if (level !== this.level) return;
    this.features = features;
    this.note.textContent = features.length ? "" : w("map_plain");
    this.paint();
  }

  async load(radius) {
    const { lon_deg: lon, lat_deg: lat } = this.position;
    const dy = (radius * 1.2) / M_PER_DEG;
    const dx = (radius * 2) / this.perLon();
    try {
      const answer = await fetch(`/api/base?bbox=${lon - dx},${lat - dy},${lon + dx},${lat + dy}`);
      return answer.ok ? (await answer.json()).features ?? [] : [];
    } catch {
      return [];
    }
  }

  perLon() {
    return M_PER_DEG * Math.cos((this.position.lat_deg * Math.PI) / 180);
  }

  xy([lon, lat]) {
    const x = (lon - this.position.lon_deg) * this.perLon();
    const y = (this.position.lat_deg - lat) * M_PER_DEG;
    return [x.toFixed(1), y.toFixed(1)];
  }

  /** Draw into exactly the room there is: `radius` metres up and down from the position. */
  paint() {
    const radius = RADII_M[this.level];
    const [width, height] = [this.canvas.clientWidth || 340, this.canvas.clientHeight || 200];
    const half = (radius * width) / height;
    const view = s("svg", { viewBox: `${-half} ${-radius} ${half * 2} ${radius * 2}` });
    const sorted = [...this.features].sort((a, b) => rank(a) - rank(b));
    view.append(...sorted.flatMap((feature) => this.shapes(feature)));
    view.append(...this.names(sorted, radius), ...this.marker(radius), ...this.unitMarks(radius, half));
    view.addEventListener("click", (event) => this.clicked(event, view));
    replace(this.canvas, view, scaleBar(height / (radius * 2), radius));
  }

  shapes(feature) {
    const layer = ORDER.includes(feature.properties?.layer) ? feature.properties.layer : "district";
    const geometry = feature.geometry ?? {};
    const lines = this.lines(geometry);
    const width = Math.max(2, Number(feature.properties?.width_m) || 4);
    return lines.map((line) => {
      const closed = /Polygon/.test(geometry.type);
      const path = s("path", { class: `base-${layer}`, d: `M${line.map((c) => this.xy(c).join(" ")).join("L")}${closed ? "Z" : ""}` });
      if (!closed) path.setAttribute("stroke-width", width);
      return path;
    });
  }

  lines(geometry) {
    const c = geometry.coordinates ?? [];
    return { LineString: [c], MultiLineString: c, Polygon: c.slice(0, 1), MultiPolygon: c.map((p) => p[0]) }[geometry.type] ?? [];
  }

  /** Each road's name once, along its longest stretch in view; greater roads first, and none over another. */
  names(features, radius) {
    const best = new Map();
    const roads = features.filter((feature) => feature.properties?.layer === "road" && feature.properties.name);
    for (const feature of roads) {
      const grade = RANKS.indexOf(feature.properties.rank);
      for (const line of this.lines(feature.geometry)) {
        for (let i = 1; i < line.length; i += 1) this.consider(best, `${feature.properties.name}`, line[i - 1], line[i], radius, grade);
      }
    }
    const size = radius / 12;
    const places = [...best.entries()].map(([name, place]) => ({ ...place, name, half: (name.length * size) / 2 }));
    places.sort((a, b) => b.grade - a.grade || b.length - a.length);
    return spread(places).slice(0, MOST_NAMES).map((place) => s("text", {
      class: "road-name", "font-size": size, transform: `translate(${place.x} ${place.y}) rotate(${place.turn})`,
    }, place.name));
  }

  consider(best, name, from, to, radius, grade) {
    const seen = clipped([...this.xy(from), ...this.xy(to)].map(Number), radius * 1.3, radius * 0.85);
    if (!seen) return;
    const [ax, ay, bx, by] = seen;
    const length = Math.hypot(bx - ax, by - ay);
    const share = Math.hypot((ax + bx) / 2, (ay + by) / 2) > radius * 0.35 ? 0.5 : 0.75; // clear of the marker
    const [x, y] = [ax + (bx - ax) * share, ay + (by - ay) * share];
    if (length < radius * 0.15 || length <= (best.get(name)?.length ?? 0)) return;
    let turn = (Math.atan2(by - ay, bx - ax) * 180) / Math.PI;
    if (turn > 90 || turn < -90) turn += 180;
    best.set(name, { x, y, turn, length, grade });
  }

  /** A unit beyond the edge is drawn at the edge, hollow. */
  unitMarks(radius, half) {
    const size = radius / 13;
    return this.units.flatMap(({ unit, place }) => {
      const [x, y] = this.xy([place.lon_deg, place.lat_deg]).map(Number);
      const [atX, atY] = [Math.max(-half * 0.94, Math.min(half * 0.94, x)), Math.max(-radius * 0.92, Math.min(radius * 0.92, y))];
      const beyond = atX !== x || atY !== y;
      const left = atX > half * 0.5;
      return [
        s("circle", { class: `unit${beyond ? " beyond" : ""}`, cx: atX, cy: atY, r: size * 0.6, "stroke-width": radius / 90 }),
        s("text", { class: "unit-name", "font-size": size * 1.2, x: atX + (left ? -size : size), y: atY + size * 0.4, "text-anchor": left ? "end" : "start" }, unit),
      ];
    });
  }

  marker(radius) {
    const size = radius / 10;
    const within = Number(this.position.uncertainty_m) || 0;
    return [
      s("circle", { class: "uncertainty", r: Math.max(within, size * 1.7), "stroke-width": radius / 160 }),
      s("path", { class: "spot", d: `M0 ${-size}L${size} 0L0 ${size}L${-size} 0Z`, "stroke-width": radius / 80 }),
      s("text", { class: "spot-mark", "font-size": size * 1.2, y: size * 0.42 }, "!"),
    ];
  }
}

/** Keep those that lie clear of each other and of the marker in the middle. */
function spread(places) {
  const kept = [];
  for (const place of places) {
    const clear = kept.every((other) => Math.hypot(place.x - other.x, place.y - other.y) > (place.half + other.half) * 0.9);
    if (clear && Math.hypot(place.x, place.y) > place.half * 0.8) kept.push(place);
  }
  return kept;
}

/** Cut a line to the box ±halfWidth, ±halfHeight (Liang and Barsky); null when it lies outside. */
function clipped([ax, ay, bx, by], halfWidth, halfHeight) {
  const [dx, dy] = [bx - ax, by - ay];
  let [first, last] = [0, 1];
  for (const [p, q] of [[-dx, ax + halfWidth], [dx, halfWidth - ax], [-dy, ay + halfHeight], [dy, halfHeight - ay]]) {
    if (p === 0 && q < 0) return null;
    if (p < 0) first = Math.max(first, q / p);
    if (p > 0) last = Math.min(last, q / p);
  }
  return first < last ? [ax + first * dx, ay + first * dy, ax + last * dx, ay + last * dy] : null;
}

function rank(feature) {
  return ORDER.indexOf(feature.properties?.layer);
}

function scaleBar(pxPerM, radius) {
  const metres = { 80: 50, 160: 100, 320: 200, 640: 400 }[radius];
  const box = h("div", { class: "scale" }, `${metres} m`);
  box.style.width = `${metres * pxPerM}px`;
  return box;
}
