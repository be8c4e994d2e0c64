// A form whose text must not be lost: before it is sent, this asks whether the same person is still signed in. If
// not, the page stays as it is and says so; what was typed is stored nowhere. Without this file the form is sent at once.
"use strict";
(() => {
  const said = (form, which) =>
    ["ended", "offline"].forEach((name) => {
      const line = form.querySelector(`[data-keep-${name}]`);
      if (line) line.hidden = name !== which;
      if (name === which) line?.scrollIntoView({ block: "nearest" });
    });

  // Sending again is possible at once, and leaving the page asks first as before.
  const stay = (form, which) => {
    window.dispatchEvent(new Event("pageshow"));
    form.querySelector("textarea")?.dispatchEvent(new Event("input", { bubbles: true }));
    said(form, which);
  };

  const send = async (form, button) => {
    const answer = await fetch(form.dataset.keep, { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || answer.status === 401) return stay(form, "ended");
    if (!answer.ok) throw new Error("no answer");
    const now = await answer.json();
    if (now.who !== form.dataset.who) return stay(form, "ended");
    form.elements.csrfmiddlewaretoken.value = now.token;
    if (button?.name) {
      const pressed = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
      form.append(pressed);
    }
    HTMLFormElement.prototype.submit.call(form);
  };

  // On window, so that app.js has seen the sending first and a second press does nothing.
  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-keep]")) return;
    event.preventDefault();
    said(form, "");
    send(form, event.submitter).catch(() => stay(form, "offline"));
  });
})();
