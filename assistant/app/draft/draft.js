// Boxes and buttons of the draft: each says what it changes; the server draws everything anew, and
// the keyboard stays where it was, with what was typed meanwhile.
function send(node, text) {
  const { act, row = "", name = "" } = node.dataset;
  // The server may hear two of them at once: the number tells which box was left later.
  window.draftSaid = (window.draftSaid || 0) + 1;
  trigger("select", { act, row, name, text, serial: window.draftSaid });
}

function commit(box) {
  const before = box.dataset.sent === undefined ? box.defaultValue : box.dataset.sent;
  if (!box.isConnected || box.value === before) return;
  box.dataset.sent = box.value;
  send(box, box.value);
}

// A blank in the text turns into a box; without a change it turns back.
function open(mark) {
  const box = document.createElement("input");
  for (const name of ["act", "row", "name", "focus", "ask"]) box.dataset[name] = mark.dataset[name];
  box.type = "text";
  box.className = "inline";
  box.autocomplete = "off";
  box.maxLength = 300;
  box.placeholder = mark.dataset.ask;
  box.title = mark.dataset.ask;
  box.setAttribute("aria-label", `${mark.textContent} ${mark.dataset.ask}`);
  box.addEventListener("focusout", () => {
    if (box.value || !box.isConnected) return;
    box.remove();
    mark.hidden = false;
  });
  mark.hidden = true;
  mark.after(box);
  box.focus();
}

function tell(figure) {
  const shown = figure.querySelector(".tip");
  for (const tip of element.querySelectorAll(".tip")) tip.remove();
  if (shown) return;
  const tip = document.createElement("span");
  tip.className = "tip";
  tip.textContent = figure.dataset.told;
  figure.append(tip);
  const frame = figure.closest(".paper-table") || element;
  const over = tip.getBoundingClientRect().right - frame.getBoundingClientRect().right + 8;
  if (over > 0) tip.style.left = `${-over}px`; // a table would cut it off
}

let held = null; // the box or mark that has the keyboard
element.addEventListener("change", (event) => {
  if (event.target.matches("input[data-act]")) commit(event.target);
});
element.addEventListener("focusout", (event) => {
  if (event.target.matches("input[data-act]")) commit(event.target);
});
element.addEventListener("focusin", (event) => {
  const node = event.target.closest("[data-focus]");
  held = node && { focus: node.dataset.focus, node };
});
document.addEventListener("pointerdown", (event) => {
  if (!element.contains(event.target)) held = null;
});
document.addEventListener("focusin", (event) => {
  if (!element.contains(event.target)) held = null;
});
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  const mark = event.target.closest("mark[data-act]");
  const figure = event.target.closest("mark[data-told]");
  if (button) send(button, button.dataset.text || "");
  else if (mark) open(mark);
  else if (figure) tell(figure);
});
element.addEventListener("keydown", (event) => {
  const node = event.target;
  if (node.matches("input[data-act]")) {
    if (event.key === "Enter") commit(node);
    if (event.key === "Escape") {
      node.value = node.defaultValue;
      node.blur();
    }
  } else if (node.matches("mark[data-act], mark[data-told]")) {
    if (event.key === "Escape") for (const tip of node.querySelectorAll(".tip")) tip.remove();
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    node.click();
  }
});
// A draft asked for comes into view once, when its first words are there.
let written = Boolean(element.querySelector(".paper"));
new MutationObserver(() => {
  const now = Boolean(element.querySelector(".paper"));
  const asked = document.activeElement && document.activeElement.closest("#draft-go");
  if (now && !written && asked) {
    document.querySelector("#draft-state").scrollIntoView({ block: "start" });
  }
  written = now;
}).observe(element, { childList: true, subtree: true });
new MutationObserver(() => {
  if (!held || held.node.isConnected || document.activeElement !== document.body) return;
  const again = [...element.querySelectorAll("[data-focus]")].find(
    (node) => node.dataset.focus === held.focus,
  );
  if (!again) return;
  const typed = held.node;
  if (again.matches("input") && typed.matches("input") && typed.value !== typed.dataset.sent) {
    if (typed.value !== typed.defaultValue) again.value = typed.value;
  }
  again.focus({ preventScroll: true });
}).observe(element, { childList: true, subtree: true });
