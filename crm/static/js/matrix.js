"use strict";
/* The comment matrix by keys. Letters choose a decision, [ and ] change the clause; they work only inside the three panes. */
document.addEventListener("DOMContentLoaded", () => {
  const matrix = document.querySelector("[data-matrix]");
  if (!matrix) return;
  const form = matrix.querySelector("[data-decision]");
  const go = (which) => document.querySelector(`[data-clause="${which}"]`)?.click();

  /* Keep the current clause and comment in sight inside their panes. */
  matrix.querySelectorAll("nav [aria-current], .r-comment.r-cur").forEach((node) => node.scrollIntoView({ block: "nearest" }));

  function decide(key) {
    const choice = form?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!choice) return false;
    choice.checked = true;
    choice.focus();
    return true;
  }

  function act(key) {
    if (key === "[") go("earlier");
    else if (key === "]") go("later");
    else if (key === "r") form?.elements.reason.focus();
    else if (key === "e") form?.elements.revised.focus();
    else if (key === "v") matrix.querySelector(".r-comment.r-cur [data-original]")?.click();
    else return decide(key);
    return true;
  }

  matrix.addEventListener("keydown", (event) => {
    const node = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || window.localStorage.getItem("rabta-single-keys") === "off") return;
    if (node.closest("textarea, select, input:not([type=radio])")) {
      if (event.key === "Escape") node.closest("[tabindex='0']").focus();
      return;
    }
    if (event.key === "Enter" && node.matches("[type=radio]")) { event.preventDefault(); form.requestSubmit(); return; }
    if (act(event.key.toLowerCase())) event.preventDefault();
  });
});
