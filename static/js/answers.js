// Answers without a connection. They stay on the page, in memory only, since the device may be somebody else's, and go
// out when the connection is back. Whether one answered before is decided where they are counted, so never twice.
"use strict";
(() => {
  const form = document.querySelector("form[data-answers]");
  if (!form) return;
  const AGAIN = 3000;
  const said = form.querySelector("[data-send-state]");
  let waiting = false;

  const reached = async () => {
    try {
      return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(10000) })).ok;
    } catch {
      return false;
    }
  };

  const attempt = async () => {
    if (await reached()) return form.submit();
    said.textContent = form.dataset.answers;
    said.dataset.saveState = "failed";
    setTimeout(attempt, AGAIN);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (waiting) return;
    waiting = true;
    event.submitter?.setAttribute("aria-busy", "true");
    attempt();
  });
})();
