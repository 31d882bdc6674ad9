// The list: newest first, each state by shape, word and colour.

import { clock, day, h, replace, span } from "./dom.js";
import { w } from "./words.js";

const SHAPES = { new: "◆", opened: "◇", accepted: "●", refused: "✕", units_sent: "▲", on_scene: "▣", closed: "■" };

export function stageMark(stage) {
  return h("span", { class: `stage stage-${stage}` }, h("span", { class: "shape" }, SHAPES[stage] ?? "○"), ` ${w(`stage_${stage}`)}`);
}

export function renderList(element, overview, selectedId, now) {
  const handoffs = overview?.handoffs ?? [];
  const fresh = handoffs.filter((handoff) => handoff.stage === "new").length;
  const head = h("div", { class: "list-head" },
    h("strong", {}, `${w("list")} ${handoffs.length}`),
    fresh ? h("span", { class: "fresh" }, `${w("stage_new")} ${fresh}`) : h("span", { class: "quiet" }, w("list_hint")));
  const rows = handoffs.map((handoff) => row(handoff, handoff.id === selectedId, now));
  const empty = h("div", { class: "empty" }, h("p", {}, w("empty_list")), h("p", { class: "quiet" }, w("empty_hint")));
  const focused = element.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  replace(element, head, rows.length ? h("div", { class: "rows" }, rows) : empty);
  if (focused) element.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}

/** Choose a row by pointer or key, also when news draws the list anew before a pressed button is let go: a browser makes
 * no click of that, because the row that was pressed is gone. */
export function listenForChoice(element, choose) {
  let pressed = null;
  element.addEventListener("pointerdown", (event) => { pressed = event.target.closest(".row"); });
  element.addEventListener("pointerup", () => { if (pressed && !pressed.isConnected) choose(pressed.dataset.id); });
  element.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) choose(row.dataset.id);
  });
}

function row(handoff, selected, now) {
  const age = (now - Date.parse(handoff.received_at)) / 1000;
  return h("button", {
    type: "button", class: `row priority-${handoff.priority}${selected ? " selected" : ""} is-${handoff.stage}${handoff.is_recalled ? " is-recalled" : ""}`,
    "data-id": handoff.id, "aria-current": selected ? "true" : null,
  },
  h("span", { class: "row-top" },
    h("strong", {}, `${w(`kind_${handoff.kind}`)} · ${handoff.grade} ${w(`grade_${handoff.grade}`)}`),
    h("span", { class: "age", "data-since": handoff.received_at, title: `${day(handoff.received_at)} ${clock(handoff.received_at)}` }, span(age, w("day")))),
  h("span", { class: "row-site" }, handoff.is_test ? h("em", { class: "drill" }, w("drill")) : null,
    handoff.follows ? h("em", { class: "more" }, w("follow_up")) : null, handoff.site_name || handoff.address || "–"),
  handoff.is_recalled ? h("span", { class: "row-recalled" }, `✕ ${w("recalled")}`) : null,
  h("span", { class: "row-foot" }, stageMark(handoff.stage),
    h("span", { class: "quiet" }, handoff.has_package ? handoff.firm_name : w("package_coming"))));
}

/** Let the ages run on without drawing the list again. */
export function tickAges(element, now) {
  for (const age of element.querySelectorAll("[data-since]")) {
    age.textContent = span((now - Date.parse(age.dataset.since)) / 1000, w("day"));
  }
}
