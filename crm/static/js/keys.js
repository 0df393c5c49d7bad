"use strict";
/* Keys: Ctrl K, ?, n everywhere but in fields; j k Enter only while a list has the focus. One switch turns single keys off (WCAG 2.1.4). */
(() => {
  const STORE = "rabta-single-keys";
  const typing = (node) => node.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
  const singleKeys = () => window.localStorage.getItem(STORE) !== "off";
  const help = () => document.getElementById("keys-help");

  function rowsOf(list) {
    return [...list.querySelectorAll("[data-row]")];
  }

  function mark(list, row) {
    rowsOf(list).forEach((other) => other.classList.toggle("r-cur", other === row));
    (row.querySelector("[data-main]") || row.querySelector("a, button") || row).focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function move(list, by) {
    const rows = rowsOf(list);
    if (!rows.length) return;
    const here = rows.findIndex((row) => row.contains(document.activeElement) || row.classList.contains("r-cur"));
    mark(list, rows[Math.min(Math.max(here + by, 0), rows.length - 1)]);
  }

  function inList(event) {
    const list = event.target.closest("[data-list]");
    if (!list) return false;
    if (event.key === "j") move(list, 1);
    else if (event.key === "k") move(list, -1);
    else return false;
    return true;
  }

  function everywhere(event) {
    if (event.key === "?") help().showModal();
    else if (event.key === "n") {
      const menu = document.querySelector("[data-new]");
      if (!menu) return false;
      menu.click();
      menu.parentElement.querySelector("a")?.focus();
    } else return false;
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      const find = document.getElementById("find");
      if (!find) return;
      event.preventDefault();
      if (find.offsetParent) find.select(); else window.location.assign(find.form.action);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !singleKeys() || typing(event.target)) return;
    const inFocus = event.target.closest("[data-list]");
    if (inList(event) || ((inFocus || event.target === document.body || event.target.id === "main") && everywhere(event))) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-help]")) help().showModal();
  });
  document.addEventListener("DOMContentLoaded", () => {
    const box = document.querySelector("[data-keys-switch]");
    if (!box) return;
    box.checked = singleKeys();
    box.addEventListener("change", () => window.localStorage.setItem(STORE, box.checked ? "on" : "off"));
  });
})();
