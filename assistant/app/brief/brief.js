// A press on a figure or a quote asks for its source and shows it below; pages of tables likewise.
// `element` is the brief, `trigger` passes what was pressed on to the server, and what the server
// answers arrives in #brief-part with the place it belongs to.
let pressed = null;
const opened = (at) => element.querySelector(`[data-source="${at}"]`);

element.addEventListener("click", (event) => {
  const turn = event.target.closest("[data-turn], [data-more]");
  if (turn) {
    const { turn: page, more } = turn.dataset;
    pressed = turn;
    trigger("select", page ? { asked: "rows", value: page } : { asked: "more", value: more });
    return;
  }
  const close = event.target.closest("[data-close]");
  const figure = close
    ? element.querySelector(`a.ref[data-at="${close.dataset.close}"]`)
    : event.target.closest("a.ref");
  if (!figure) return;
  event.preventDefault();
  const { at } = figure.dataset;
  const panel = opened(at);
  if (panel) {
    panel.remove();
    figure.setAttribute("aria-expanded", "false");
    figure.focus();
    return;
  }
  pressed = figure;
  trigger("select", { asked: "source", value: at });
});

element.addEventListener("keydown", (event) => {
  const figure = event.target.closest("a.ref");
  if (figure && event.key === " ") {
    event.preventDefault();
    figure.click();
  }
  const panel = event.target.closest("[data-source]");
  if (panel && event.key === "Escape") panel.querySelector("[data-close]").click();
});

function showRows(piece) {
  const place = element.querySelector(`[data-rows="${piece.dataset.for}"]`);
  if (!place || !piece.firstChild) return;
  const forward = pressed && pressed.matches(":last-child");
  place.replaceChildren(...piece.childNodes);
  place.scrollIntoView({ block: "start" });
  const buttons = [...place.querySelectorAll("[data-turn]")];
  const next = forward ? buttons[1] : buttons[0];
  if (next) (next.disabled ? buttons.find((button) => !button.disabled) : next).focus({ preventScroll: true });
}

function showSource(piece) {
  const at = piece.dataset.for;
  const figure = element.querySelector(`a.ref[data-at="${at}"]`);
  if (!figure || opened(at)) return;
  const box = document.createElement("div");
  box.className = "brief-from";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.dataset.close = at;
  close.textContent = "收起";
  box.append(close, ...piece.childNodes);
  const row = figure.closest("tr");
  let panel = box;
  if (row) {
    panel = document.createElement("tr");
    panel.className = "from";
    const cell = panel.insertCell();
    cell.colSpan = row.cells.length;
    cell.append(box);
    row.after(panel);
  } else {
    figure.closest("p").after(box);
  }
  panel.dataset.source = at;
  figure.setAttribute("aria-expanded", "true");
  const { bottom } = panel.getBoundingClientRect();
  if (bottom > window.innerHeight) panel.scrollIntoView({ block: "nearest" });
}

function showMore(piece) {
  const panel = opened(piece.dataset.for);
  const box = panel && (panel.querySelector(".brief-from") || panel);
  if (!box) return;
  const old = box.querySelector(".more");
  if (old) old.remove();
  box.append(...piece.childNodes);
}

const part = document.getElementById("brief-part");
new MutationObserver(() => {
  const piece = part.querySelector("[data-kind]");
  if (!piece || piece.dataset.taken) return;
  piece.dataset.taken = "yes";
  const copy = piece.cloneNode(true);
  ({ rows: showRows, source: showSource, more: showMore })[copy.dataset.kind](copy);
}).observe(part, { childList: true, subtree: true });
