// The guide's log without a connection. Ticks are saved as they are made; those that could not be sent wait on this
// device and go out by themselves. Everything else stays in the page, in memory only, and is sent again until it arrives.
"use strict";
(() => {
  const form = document.querySelector("form[data-log]");
  if (!form) return;
  const AGAIN = 5000;
  const place = `ticks:${form.dataset.ticks}`;
  const ticks = [...form.querySelectorAll("input[name^=present_], input[name^=early_]")];
  const saved = form.querySelector("[data-save-state]");
  const sent = form.querySelector("[data-send-state]");
  const ended = document.querySelector("[data-log-ended]");
  let timer;
  let latest = 0;

  const say = (output, text, state) => {
    output.textContent = text;
    output.dataset.saveState = state;
  };
  const clockTime = () => new Date().toTimeString().slice(0, 5);
  const keep = () => {
    try {
      localStorage.setItem(place, JSON.stringify(ticks.filter((tick) => tick.checked).map((tick) => tick.name)));
    } catch {
      // a browser that keeps nothing still sends what it can
    }
  };
  const forget = () => {
    try {
      localStorage.removeItem(place);
    } catch {
      // nothing was kept
    }
  };
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(place));
    } catch {
      return null;
    }
  };

  // Says above everything that the sign-in or the link ran out, and what is still here.
  const stop = (output) => {
    say(output, "", "failed");
    ended.hidden = false;
    if (output === sent) ended.scrollIntoView();
  };
  // Signing in gives forms a new token. Only whoever opened this page gets it.
  const mayGoOn = async () => {
    if (ended.hidden) return true;
    const answer = await fetch(location.href, { redirect: "manual", cache: "no-store" });
    if (!answer.ok) return false;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form[data-log]");
    if (fresh?.dataset.who !== form.dataset.who) return false;
    form.elements.csrfmiddlewaretoken.value = fresh.elements.csrfmiddlewaretoken.value;
    return (ended.hidden = true);
  };

  const later = (work) => {
    clearTimeout(timer);
    timer = setTimeout(work, AGAIN);
  };

  const saveTicks = async () => {
    const turn = ++latest;
    try {
      if (!(await mayGoOn())) return stop(saved);
      const body = new FormData();
      body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      ticks.filter((tick) => tick.checked).forEach((tick) => body.append(tick.name, "on"));
      const answer = await fetch(form.dataset.ticks, { method: "POST", body, redirect: "manual" });
      if (turn !== latest) return;
      if (answer.status >= 500) throw new Error("not saved");
      if (answer.type === "opaqueredirect") return stop(saved);
      if (!answer.ok) return say(saved, form.dataset.refused, "failed");
      forget();
      say(saved, `${document.body.dataset.saved} ${clockTime()}`, "saved");
    } catch {
      if (turn !== latest) return;
      say(saved, form.dataset.offline, "failed");
      later(saveTicks);
    }
  };

  const send = async () => {
    say(sent, form.dataset.saving, "saved");
    try {
      if (!(await mayGoOn())) return stop(sent);
      const answer = await fetch(form.action || location.href, { method: "POST", body: new FormData(form) });
      if (answer.status >= 500) throw new Error("not saved");
      if (answer.redirected && !new URL(answer.url).pathname.startsWith("/sessions/")) {
        keep();
        return stop(sent);
      }
      forget();
      if (answer.ok && answer.redirected) return location.assign(answer.url);
      form.submit();
    } catch {
      keep();
      say(sent, form.dataset.offline, "failed");
      later(send);
    }
  };

  form.addEventListener("change", ({ target }) => {
    if (!ticks.includes(target)) return;
    keep();
    saveTicks();
  });
  // Before the page's own script: it would mark the form as being sent.
  form.addEventListener(
    "submit",
    (event) => {
      event.preventDefault();
      event.stopPropagation();
      clearTimeout(timer);
      send();
    },
    true,
  );
  window.addEventListener("online", () => (sent.dataset.saveState === "failed" ? send() : kept() && saveTicks()));

  const waiting = kept();
  if (waiting) {
    ticks.forEach((tick) => (tick.checked = waiting.includes(tick.name)));
    saveTicks();
  }
})();
