"use strict";
/* The partner's page: keeps the draft while it is written. Without this script the Save button does the same. */
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-answer]");
  if (!form) return;
  const note = document.querySelector("[data-saved]");
  let timer = 0;
  let changed = false;

  async function save() {
    if (!changed) return;
    const body = new FormData(form);
    body.delete("files");
    body.delete("idempotency_key");
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { "X-Requested-With": "autosave" } });
      if (!answer.ok) throw new Error(String(answer.status));
      changed = false;
      note.textContent = `${form.dataset.savedWord} ${new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" })}`;
    } catch {
      note.textContent = form.dataset.unsavedWord;
    }
  }

  form.addEventListener("input", () => {
    changed = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(save, 3000);
  });
  form.addEventListener("submit", () => { window.clearTimeout(timer); changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  /* A link to a fold opens it. */
  const open = () => {
    const target = document.querySelector(window.location.hash || "#none");
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  window.addEventListener("hashchange", open);
  open();
});
