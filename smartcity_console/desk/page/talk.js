// What the centre and this desk say to each other about a hand-off: who, when, and whether it is there.

import { clock, h, replace } from "./dom.js";
import { w } from "./words.js";

export class Talk {
  /** answer(name, body): carries an act out; returns a promise of success. */
  constructor(answer) {
    this.answer = answer;
    this.lines = h("ol", { class: "talk-lines" });
    this.input = h("input", { name: "message", maxlength: 400, autocomplete: "off" });
    this.title = h("h2");
    this.button = h("button", { type: "submit" });
    const form = h("form", { class: "talk-form", onsubmit: (event) => { event.preventDefault(); this.send(); } }, this.input, this.button);
    this.element = h("section", { class: "talk" }, this.title, this.lines, form);
  }

  update(detail) {
    this.title.textContent = w("talk");
    this.button.textContent = w("send");
    this.input.placeholder = w("talk_hint");
    this.input.setAttribute("aria-label", w("talk_hint"));
    const key = JSON.stringify(detail.messages);
    if (key === this.key) return;
    this.key = key;
    const lines = detail.messages.map((message) => h("li", { class: message.ours ? "ours" : "theirs" },
      h("time", {}, clock(message.at)), h("strong", {}, message.by), h("span", { class: "said" }, message.text),
      message.sent ? null : h("span", { class: "unsent" }, `… ${w("not_yet_sent")}`)));
    replace(this.lines, lines.length ? lines : h("li", { class: "quiet" }, w("talk_empty")));
    this.lines.scrollTop = this.lines.scrollHeight;
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    this.button.disabled = true;
    if (await this.answer("message", { text })) this.input.value = "";
    this.button.disabled = false;
    this.input.focus();
  }
}
