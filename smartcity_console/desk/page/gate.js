// The login: shown instead of everything else while nobody is logged in on a desk that has users.

import { login, logout, session } from "./api.js";
import { h, replace } from "./dom.js";
import { currentLanguage, w } from "./words.js";

export class Gate {
  /** onIn(told): somebody is in, or the desk is open; onOut(): nobody is. */
  constructor(element, onIn, onOut) {
    this.element = element;
    this.onIn = onIn;
    this.onOut = onOut;
    this.told = { open: false, user: "" };
  }

  /** Ask the server who is logged in, and go on from there. */
  async begin() {
    try {
      this.settle(await session());
    } catch {
      setTimeout(() => this.begin(), 2000);
    }
  }

  settle(told) {
    this.told = told;
    const inside = told.open || Boolean(told.user);
    this.element.hidden = inside;
    if (inside) return this.onIn(told);
    this.onOut();
    return this.draw();
  }

  /** A session is over: the form comes at once, and nothing of a hand-off stays on the screen. */
  shut() {
    if (!this.told.open && this.element.hidden) this.settle({ open: false, user: "" });
    else if (this.told.open) this.begin();
  }

  async leave() {
    this.settle(await logout(currentLanguage()));
  }

  draw() {
    const name = h("input", { name: "name", maxlength: 40, autocomplete: "username", required: true });
    const password = h("input", { name: "password", type: "password", maxlength: 1024, autocomplete: "current-password", required: true });
    const said = h("p", { class: "warn", role: "alert" });
    const send = h("button", { type: "submit", class: "primary" }, w("login"));
    const submit = async (event) => {
      event.preventDefault();
      send.disabled = true;
      try {
        this.settle(await login(name.value, password.value, currentLanguage()));
      } catch (error) {
        said.textContent = error.message;
        password.value = "";
        password.focus();
      }
      send.disabled = false;
    };
    replace(this.element, h("form", { class: "login", onsubmit: submit },
      h("h1", {}, w("login")), h("p", { class: "quiet" }, w("login_hint")),
      h("label", {}, w("user"), name), h("label", {}, w("password"), password), said, send));
    name.focus();
  }
}
