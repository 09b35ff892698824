// Boxes and buttons of the draft: each says what it changes; the server draws everything anew, and
// the keyboard stays where it was, with what was typed meanwhile. Gradio draws anew by changing the
// nodes there are, by their position: what was one figure's box may become the next one's.
const sent = new WeakMap(); // what was sent last from a box
let unsent = null; // what is typed in a box and not sent yet: { node, focus, text }

function send(node, text) {
  const { act, row = "", name = "" } = node.dataset;
  // The server may hear two of them at once: the number tells which box was left later.
  window.draftSaid = (window.draftSaid || 0) + 1;
  trigger("select", { act, row, name, text, serial: window.draftSaid });
}

// A box that is taken away while it has the keyboard is left, too, as far as the browser is concerned;
// a moment later it can be told from one that the writer has left.
function left(node, then) {
  const soon = ({ target }) => queueMicrotask(() => target.isConnected && then(target));
  node.addEventListener("change", soon);
  node.addEventListener("focusout", soon);
}

function commit(box) {
  const before = sent.has(box) ? sent.get(box) : box.defaultValue;
  if (unsent && unsent.node === box) unsent = null;
  if (box.value === before) return;
  sent.set(box, box.value);
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
  box.defaultValue = mark.dataset.typed || "";
  box.title = mark.dataset.ask;
  box.setAttribute("aria-label", `${mark.textContent} ${mark.dataset.ask}`);
  left(box, () => {
    if (box.value !== box.defaultValue || document.activeElement === box) return;
    if (unsent && unsent.node === box) unsent = null;
    box.remove();
    mark.hidden = false;
  });
  mark.hidden = true;
  mark.after(box);
  box.focus();
  return box;
}

function named(focus) {
  return [...element.querySelectorAll("[data-focus]")].find((node) => node.dataset.focus === focus);
}

// Drawn anew: the keyboard, and what was being typed, go back to the box they were in.
function resume() {
  const { node, focus } = unsent || held || {};
  if (!node) return;
  if (node.isConnected && node.dataset.focus === focus) {
    if (unsent && node.value !== unsent.text) node.value = unsent.text;
    return;
  }
  if (![node, document.body].includes(document.activeElement)) return;
  const there = named(focus);
  const text = unsent && unsent.text;
  unsent = null;
  if (!there) {
    held = node.isConnected ? { focus: node.dataset.focus, node } : null; // filled in: on to the next
    return;
  }
  const box = text !== null && there.matches("mark") ? open(there) : there;
  if (text !== null) {
    box.value = text;
    unsent = { node: box, focus, text };
  }
  box.focus({ preventScroll: true });
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
left(element, (box) => {
  if (box.matches("input[data-act]")) commit(box);
});
element.addEventListener("input", (event) => {
  const node = event.target;
  if (node.matches("input[data-act]")) unsent = { node, focus: node.dataset.focus, text: node.value };
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
new MutationObserver((changes) => {
  for (const { target, attributeName } of changes) {
    if (!target.matches("input[data-act]")) continue;
    sent.delete(target);
    if (attributeName === "data-focus") target.value = target.defaultValue; // another's box now
  }
  resume();
}).observe(element, {
  subtree: true, childList: true, attributes: true, attributeFilter: ["data-focus", "value"],
});
