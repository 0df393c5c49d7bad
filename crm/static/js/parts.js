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

/* Filters that only their button applies: until it is pressed, what was changed is marked and the next act waits. */
const ticksOf = (form) => [...form.querySelectorAll("input[type=checkbox]:checked")].map((box) => box.value).join("&");
const markUnapplied = (form) => {
  const wanted = form.querySelector("input[type=search]");
  const stale = ticksOf(form) !== form.dataset.applied || Boolean(wanted && wanted.value.trim());
  document.querySelectorAll("[data-unapplied]").forEach((note) => { note.hidden = !stale; });
  document.querySelectorAll("[data-needs-applied]").forEach((button) => { button.disabled = stale; });
};
const filtersOnDemand = (act) => document.querySelectorAll("form[data-applied-by-button]").forEach(act);
window.addEventListener("pageshow", () => filtersOnDemand((form) => {
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  form.dataset.applied = boxes.filter((box) => box.defaultChecked).map((box) => box.value).join("&");
  markUnapplied(form);
}));
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-applied-by-button]");
  if (form) markUnapplied(form);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-applied-by-button]")) event.target.dataset.going = ticksOf(event.target);
});
document.addEventListener("htmx:afterSettle", () => filtersOnDemand((form) => {
  if (form.dataset.going === undefined) return;
  form.dataset.applied = form.dataset.going;
  delete form.dataset.going;
  markUnapplied(form);
}));
