"use strict";
/* A chosen file is sent at once, in slices: a cut line costs one slice, and the same file chosen again goes on where it
   stopped. Without this script, and where it gets no further, the file goes with the form. */
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("[data-upload]");
  if (!box) return;
  const LARGEST = 480 * 1024, SMALLEST = 64 * 1024, PATIENCE = 120_000;
  const PAUSES = [1, 2, 4, 8, 15, 30];
  const input = box.querySelector("input[type=file]"), form = input.form;
  const list = box.querySelector("[data-arriving]"), told = box.querySelector("[data-told]");
  const words = box.querySelector("[data-says]").dataset;
  const share = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
  const queue = [];
  let slice = LARGEST, isGoing = false, waiting = null;
  box.querySelector("[data-help]").hidden = false;

  const say = (sentence, name = "") => { told.textContent = sentence.replace("{name}", `\u2068${name}\u2069`); };
  const known = (file) => [file.name, file.size, file.lastModified].join("/");

  /* A line in the list, with a bar and a button that takes the file away. */
  function line(file) {
    const row = box.querySelector("[data-row]").content.firstElementChild.cloneNode(true);
    row.querySelectorAll("[data-name]").forEach((one) => { one.textContent = ` ${file.name}`.slice(one.tagName === "BDI" ? 1 : 0); });
    row.querySelector("progress").setAttribute("aria-label", file.name);
    const one = { file, row, held: 0, abort: new AbortController(), wake: () => {}, isGone: false };
    row.querySelector("button").addEventListener("click", () => takeAway(one));
    list.append(row);
    list.hidden = false;
    return one;
  }

  function show(one, sentence) {
    const done = one.held / (one.file.size || 1);
    one.row.querySelector("progress").value = done;
    one.row.querySelector("[data-words]").textContent = sentence.replace("{share}", share.format(Math.floor(done * 100) / 100));
  }

  function leave(one) {
    one.row.remove();
    queue.splice(queue.indexOf(one), 1);
    list.hidden = !queue.length;
  }

  async function post(address, one, content) {
    const body = new FormData();
    const given = { csrf_token: form.elements.csrf_token.value, name: one.file.name, size: one.file.size, modified: one.file.lastModified, offset: one.held };
    Object.entries(given).forEach(([name, value]) => body.append(name, value));
    if (content) body.append("slice", content, "slice");
    one.abort = new AbortController();
    const clock = window.setTimeout(() => one.abort.abort(), PATIENCE);
    try {
      const answer = await fetch(address, { method: "POST", body, signal: one.abort.signal });
      if (answer.status >= 500) throw new Error(String(answer.status));
      return { status: answer.status, ...(answer.headers.get("Content-Type") === "application/json" ? await answer.json() : {}) };
    } finally {
      window.clearTimeout(clock);
    }
  }

  /* Until it is whole, refused or taken away. First we ask how far it is; after a cut we ask again. */
  async function send(one) {
    let cuts = 0, isAsked = false;
    while (!one.isGone) {
      const content = isAsked ? one.file.slice(one.held, one.held + slice) : null;
      show(one, content && one.held + content.size === one.file.size ? words.looking : words.going);
      try {
        const answer = await post(box.dataset.upload, one, content);
        if (answer.held === undefined || answer.said || answer.status === 201) return answer;
        [one.held, isAsked, cuts] = [answer.held, true, 0];
        if (content) slice = Math.min(LARGEST, slice * 2);
      } catch {
        if (one.isGone) break;
        if (content) slice = Math.max(SMALLEST, slice / 2);
        isAsked = false;
        show(one, words.cut);
        await pause(one, PAUSES[Math.min(cuts++, PAUSES.length - 1)]);
      }
    }
    return { status: 0 };
  }

  function pause(one, seconds) {
    return new Promise((resolve) => {
      one.wake = resolve;
      window.setTimeout(resolve, seconds * 1000);
      window.addEventListener("online", resolve, { once: true });
    });
  }

  async function takeAway(one) {
    one.isGone = true;
    waiting = null;
    one.abort.abort();
    one.wake();
    say(words.gone, one.file.name);
    input.focus();
    if (queue[0] !== one) leave(one);
    await post(box.dataset.drop, { ...one, held: 0 }).catch(() => {});
  }

  function refuse(sentence) {
    const place = box.querySelector("[data-refused]").content.firstElementChild.cloneNode(true);
    place.querySelector("[data-words]").textContent = sentence;
    list.before(place);
    say("");
    waiting = null;
  }

  function withTheForm(file) {
    const files = new DataTransfer();
    [...input.files, file].forEach((one) => files.items.add(one));
    input.files = files.files;
    say(words.form, file.name);
  }

  function settle(one, answer) {
    leave(one);
    if (answer.status === 201) {
      box.querySelector("[data-attached]").innerHTML = answer.attached;
      say(words.done, one.file.name);
    } else if (answer.said) refuse(answer.said);
    else if (!one.isGone) withTheForm(one.file);
  }

  async function go() {
    if (isGoing) return;
    isGoing = true;
    while (queue.length) {
      const one = queue[0];
      settle(one, await send(one));
    }
    isGoing = false;
    if (waiting) form.requestSubmit(waiting);
  }

  input.addEventListener("change", () => {
    box.querySelectorAll("p.r-error").forEach((one) => one.remove());
    input.removeAttribute("aria-invalid");
    const here = new Set(queue.map((one) => known(one.file)));
    [...input.files].filter((file) => !here.has(known(file))).forEach((file) => queue.push(line(file)));
    input.value = "";
    go();
  });
  form.addEventListener("submit", (event) => {
    if (!queue.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = event.submitter;
    say(words.held);
  }, true);
  window.addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });
});
