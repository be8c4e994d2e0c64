// Every page works without this file. It adds: focus on what went wrong, one sending per form, a line that says
// "Saved", a question before typed text is lost, and the switches of colour and language without a new page.
"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const sending = new WeakSet();
  const changed = new Set();

  const focusErrors = (root) => one(".errors", root)?.focus();
  const clockTime = () => new Date().toTimeString().slice(0, 5);

  // One sending per form. The button keeps its value and its focus; it only says that it is busy.
  const send = (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (sending.has(form)) return event.preventDefault();
    changed.delete(form);
    if (form.method === "get") return;
    sending.add(form);
    event.submitter?.setAttribute("aria-busy", "true");
  };

  const release = (form) => {
    sending.delete(form);
    all("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
  };

  // Saved as you go (attendance): says when, or that it is not saved, and tries again.
  const sayState = (form, text, failed) => {
    const output = one("output[data-save-state]", form);
    if (!output) return;
    output.textContent = text;
    output.dataset.saveState = failed ? "failed" : "saved";
  };

  const afterRequest = ({ target, detail }) => {
    const form = target.closest("form");
    if (!form) return;
    release(form);
    if (!form.matches("[data-autosave]")) return;
    if (detail.successful) return sayState(form, `${document.body.dataset.saved} ${clockTime()}`, false);
    if (detail.xhr?.status >= 400) return;
    sayState(form, document.body.dataset.unsaved, true);
    setTimeout(() => form.isConnected && window.htmx.trigger(form, "change"), 5000);
  };

  // htmx comes when the reader first touches the page, or at once where a piece refreshes by itself: it is heavier
  // than the page. A change made before it is there is told to it afterwards; a form sent before it goes the plain way.
  const missed = new Set();
  const TOUCH = ["pointerover", "pointerdown", "focusin", "keydown"];
  const bringHtmx = () => {
    const source = one("meta[name=htmx-source]")?.content;
    TOUCH.forEach((name) => document.removeEventListener(name, bringHtmx));
    if (!source || window.htmx) return;
    if (document.readyState !== "complete") return window.addEventListener("load", bringHtmx, { once: true });
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => missed.forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true })));
    document.head.append(script);
  };

  // What was typed, by form and name; files are kept as the very fields that hold them.
  const keyOf = (field) => `${field.form?.getAttribute("action") || ""} ${field.name}`;
  const fieldsOf = (root) => all("input, select, textarea", root).filter((field) => field.name && field.type !== "hidden");
  const typed = () => fieldsOf(one("main"));

  const putBack = (old) => {
    const waiting = new Map();
    for (const field of old) {
      const key = keyOf(field) + (/radio|checkbox/.test(field.type) ? ` ${field.value}` : "");
      waiting.set(key, [...(waiting.get(key) || []), field]);
    }
    for (const field of typed()) {
      const key = keyOf(field) + (/radio|checkbox/.test(field.type) ? ` ${field.value}` : "");
      const before = waiting.get(key)?.shift();
      if (!before) continue;
      if (field.type === "file") field.replaceWith(before);
      else if (field.multiple) all("option", field).forEach((option, i) => (option.selected = before.options[i]?.selected));
      else if (/radio|checkbox/.test(field.type)) field.checked = before.checked;
      else field.value = before.value;
    }
  };

  // The page in the other language, put in place of this one, with what was typed.
  const switchLanguage = async (form, submitter) => {
    const old = typed();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, submitter) });
    if (!answer.ok) throw new Error("not switched");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.documentElement.lang = page.documentElement.lang;
    document.title = page.title;
    document.body.replaceWith(page.body);
    putBack(old);
    window.htmx?.process(document.body);
    one(".language button")?.focus();
  };

  const switchTheme = (form, submitter) => {
    const theme = submitter.value;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    one("meta[name=color-scheme]").content = theme === "system" ? "light dark" : theme;
    all("button", form).forEach((button) => button.setAttribute("aria-pressed", String(button === submitter)));
    fetch(form.action, { method: "POST", body: new FormData(form, submitter), redirect: "manual" });
  };

  const onSubmit = (event) => {
    const form = event.target;
    if (form.matches("[data-theme-switch]")) {
      event.preventDefault();
      switchTheme(form, event.submitter);
    } else if (form.matches("[data-keep-page]")) {
      event.preventDefault();
      switchLanguage(form, event.submitter).catch(() => form.submit());
    } else send(event);
  };

  // A touched field that is wrong says so when it is left, in the browser's own words.
  const checkField = ({ target }) => {
    if (!target.form?.matches("[data-check-on-blur]") || !changed.has(target.form) || !target.value) return;
    const id = `${target.id}_check`;
    document.getElementById(id)?.remove();
    target.toggleAttribute("aria-invalid", false);
    if (target.validity.valid) return;
    const words = document.createElement("p");
    words.className = "error";
    words.id = id;
    words.textContent = target.validationMessage;
    target.setAttribute("aria-invalid", "true");
    target.setAttribute("aria-describedby", id);
    target.before(words);
  };

  const closeMenus = (except) =>
    all("details.menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });

  const onKey = (event) => {
    const menu = event.key === "Escape" && one("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    one("summary", menu).focus();
  };

  // What is missing is said in the page's own words by the answer, never in a bubble of the browser.
  const askServer = ({ target }) => {
    const button = target.closest("button");
    if (button?.form) button.formNoValidate = true;
  };

  document.addEventListener("click", askServer, true);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("input", ({ target }) => target.form && changed.add(target.form));
  document.addEventListener("change", ({ target }) => !window.htmx && missed.add(target));
  document.addEventListener("focusout", checkField);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", ({ target }) => {
    closeMenus(target.closest("details.menu"));
    if (target.closest("[data-print]")) window.print();
  });
  document.addEventListener("htmx:afterRequest", afterRequest);
  document.addEventListener("htmx:afterSwap", ({ detail }) => focusErrors(detail.elt));
  window.addEventListener("pageshow", () => all("form").forEach(release));
  window.addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected && form.matches("[data-warn]"))) event.preventDefault();
  });
  TOUCH.forEach((name) => document.addEventListener(name, bringHtmx, { passive: true }));
  if (one("[hx-trigger*=every], [hx-trigger*=load]")) bringHtmx();
  focusErrors(document);
})();
