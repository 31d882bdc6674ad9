// The answers: accept, refuse with a reason, send units, on scene, close. An answer that is not possible now stays visible and says why.

import { h, replace } from "./dom.js";
import { w } from "./words.js";

const OUTCOMES = { police: ["settled", "arrested", "nothing_found", "false_alarm", "passed_on"], fire: ["extinguished", "rescued", "settled", "nothing_found", "false_alarm", "passed_on"] };
const OTHERS = ["settled", "nothing_found", "false_alarm", "passed_on"];
const KEYS = { accept: "F2", units: "F4", on_scene: "F6", refuse: "F8", close: "F9" };
const REASONS = ["reason_area", "reason_duplicate", "reason_false"];

export class Actions {
  /** answer(name, body): carries an act out; returns a promise of success. */
  constructor(detail, agency, answer) {
    this.agency = agency;
    this.answer = answer;
    this.buttons = h("div", { class: "action-buttons" });
    this.form = h("div", { class: "action-form", hidden: true });
    this.element = h("div", { class: "actions" }, this.buttons, this.form);
    this.update(detail);
  }

  update(detail) {
    this.detail = detail;
    const has = (stage) => detail.receipts.some((receipt) => receipt.stage === stage);
    const [accepted, refused, closed] = [has("accepted"), has("refused"), has("closed")];
    const over = closed ? w("already_closed") : "";
    const recalled = detail.recall ? w("is_recalled") : "";
    const running = over || (accepted ? "" : w(refused ? "already_refused" : "first_accept"));
    this.why = {
      accept: accepted ? w("already_accepted") : refused ? w("already_refused") : recalled,
      units: running || recalled,
      on_scene: running || (has("units_sent") ? "" : w("first_units")),
      refuse: refused ? w("already_refused") : accepted ? w("already_accepted") : recalled,
      close: running,
    };
    const next = !accepted && !refused ? "accept" : !has("units_sent") ? "units" : !has("on_scene") ? "on_scene" : "close";
    const shown = accepted ? ["units", "on_scene", "close"] : ["accept", "units", "refuse"];
    replace(this.buttons, shown.map((name) => this.button(name, KEYS[name], name === next && !this.why[name])));
  }

  button(name, key, primary) {
    const why = this.why[name];
    return h("button", {
      type: "button", class: `act act-${name}${primary ? " primary" : ""}`, "data-act": name, disabled: why !== "", title: why || null,
      onclick: () => this.begin(name),
    }, h("span", { class: "act-name" }, w(name), " ", h("kbd", {}, key)), why ? h("small", {}, why) : null);
  }

  begin(name) {
    if (this.why[name]) return;
    if (name === "accept") this.send("accepted", {});
    else if (name === "on_scene") this.send("on_scene", {});
    else this.open({ units: () => this.unitsForm(), refuse: () => this.refuseForm(), close: () => this.closeForm() }[name]());
  }

  key(event) {
    const name = Object.keys(KEYS).find((key) => KEYS[key] === event.key);
    if (event.key === "Escape") this.close();
    if (!name) return;
    event.preventDefault();
    this.begin(name);
  }

  open(form) {
    replace(this.form, form);
    this.form.hidden = false;
    form.querySelector("input")?.focus();
  }

  close() {
    this.form.hidden = true;
    replace(this.form);
  }

  async send(name, body) {
    for (const button of this.element.querySelectorAll("button")) button.disabled = true;
    if (await this.answer(name, body)) this.close();
    this.update(this.detail);
    for (const button of this.form.querySelectorAll("button")) button.disabled = false;
  }

  unitsForm() {
    const units = h("input", { name: "units", maxlength: 300, required: true, autocomplete: "off", placeholder: w(this.agency === "fire" ? "units_hint_fire" : "units_hint") });
    const eta = h("input", { name: "eta", type: "number", min: 0, max: 600, step: 1, class: "short" });
    const submit = () => {
      const names = units.value.split(/[,，\n]/).map((name) => name.trim()).filter(Boolean);
      if (names.length) this.send("units_sent", { units: names, eta_min: eta.value === "" ? null : Number(eta.value) });
    };
    return this.formOf(submit, [h("label", { class: "grow" }, w("units_label"), units), h("label", {}, `${w("eta")} (${w("minutes")})`, eta)]);
  }

  refuseForm() {
    const reason = h("input", { name: "reason", maxlength: 400, required: true, autocomplete: "off" });
    const chips = REASONS.map((key) => h("button", { type: "button", class: "chip", onclick: () => { reason.value = w(key); reason.focus(); } }, w(key)));
    const submit = () => reason.value.trim() && this.send("refused", { reason: reason.value.trim() });
    return this.formOf(submit, [h("label", { class: "grow" }, w("refuse_reason"), reason), h("div", { class: "chips" }, chips)]);
  }

  closeForm() {
    let outcome = "";
    const send = h("button", { type: "submit", class: "primary", disabled: true }, w("close"));
    const note = h("input", { name: "note", maxlength: 400, autocomplete: "off" });
    const chips = (OUTCOMES[this.agency] ?? OTHERS).map((key) => h("button", { type: "button", class: "chip", "aria-pressed": "false", "data-outcome": key, onclick: (event) => {
      outcome = key;
      send.disabled = false;
      for (const chip of chips) chip.setAttribute("aria-pressed", String(chip === event.currentTarget));
    } }, w(`outcome_${key}`)));
    const submit = () => outcome && this.send("closed", { outcome, note: note.value.trim() });
    return this.formOf(submit, [h("div", { class: "chips first" }, chips), h("label", { class: "grow" }, w("note"), note)], send);
  }

  formOf(submit, fields, send = null) {
    return h("form", { class: "answer", onsubmit: (event) => { event.preventDefault(); submit(); } },
      ...fields,
      send ?? h("button", { type: "submit", class: "primary" }, w("send")),
      h("button", { type: "button", onclick: () => this.close() }, w("cancel")));
  }
}
