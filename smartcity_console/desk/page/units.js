// The units that were sent and where they are: shown on the map, told to the centre.

import { clock, h, replace } from "./dom.js";
import { w } from "./words.js";

export class Units {
  /** map: PlaceMap or null; answer(name, body): carries an act out. */
  constructor(map, answer) {
    this.map = map;
    this.answer = answer;
    this.element = h("section", { class: "units", hidden: true });
    this.said = h("p", { class: "warn", hidden: true });
  }

  update(detail) {
    this.map?.showUnits(detail.units);
    const closed = detail.receipts.some((receipt) => receipt.stage === "closed");
    this.element.hidden = detail.units.length === 0;
    this.said.textContent = w("pick_place");
    replace(this.element, h("h2", {}, w("units_out")), h("ol", {}, detail.units.map((unit) => this.line(unit, closed))), this.said);
  }

  line({ unit, place }, closed) {
    const told = place ? `${clock(place.at)} · ${place.lat_deg.toFixed(4)}, ${place.lon_deg.toFixed(4)}` : w("place_unknown");
    const set = this.map && !closed ? h("button", { type: "button", class: "chip", onclick: () => this.pick(unit) }, w("set_place")) : null;
    return h("li", {}, h("strong", {}, unit), h("span", { class: "quiet" }, told), set);
  }

  pick(unit) {
    this.said.hidden = false;
    this.map.pick((at) => {
      this.said.hidden = true;
      this.answer("positions", { positions: [{ unit, ...at }] });
    });
  }

  giveUp() {
    this.said.hidden = true;
    this.map?.pick(null);
  }
}
