"use strict";
/* Menus and small parts for Alpine's CSP build. A menu is a <details>: without a script it still opens and closes. */
document.addEventListener("alpine:init", () => {
  Alpine.data("menu", () => ({
    init() {
      const root = this.$el;
      document.addEventListener("click", (event) => {
        if (root.open && !root.contains(event.target)) root.open = false;
      });
      root.addEventListener("focusout", (event) => {
        if (event.relatedTarget && !root.contains(event.relatedTarget)) root.open = false;
      });
      root.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || !root.open) return;
        root.open = false;
        root.querySelector("summary").focus();
      });
    },
  }));
});

/* One choice ticks all rows of its table. */
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-tick-all]");
  if (!all) return;
  const table = all.closest("table");
  table.querySelectorAll("tbody input[type=checkbox]").forEach((box) => { box.checked = all.checked; });
  table.dispatchEvent(new Event("ticked", { bubbles: true }));
});

/* A button that was pressed is not pressed twice; the server's idempotency key is the real guard. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  window.setTimeout(() => { delete form.dataset.sent; }, 4000);
});

/* Print buttons exist only where a script can print. */
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
