// Presses on an answer and on an earlier question. Runs once for each of these two places, with
// `element` and `trigger` of Gradio's; what is inside them is drawn anew many times.
const pressed = (act, button) => {
  const { id } = button.dataset;
  if (act === "copy") copy(button);
  if (act === "retry") trigger("retry", { id, question: button.dataset.question || "" });
  if (act === "widen") trigger("select", { id, kind: button.dataset.kind, value: button.dataset.value });
  if (act === "up" || act === "down") rate(button);
  if (act === "comment") comment(button);
  if (act === "jump") jump(id);
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (!button) return;
  // One question at a time; Gradio would drop a second one without a word.
  if (["retry", "widen"].includes(button.dataset.act) && document.querySelector("#live .exchange")) return;
  pressed(button.dataset.act, button);
});

element.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches(".comment input")) return;
  event.preventDefault();
  comment(event.target.parentElement.querySelector("button"));
});

// Source cards and folds stay as the reader left them. Drawn anew they would be as they first were, or
// as the one was that stood in their place: Gradio changes the nodes there are, by their position.
const left = new Map(); // whether each fold that was pressed is open, by its id

element.addEventListener("click", (event) => {
  const summary = event.target.closest("summary");
  if (summary) left.set(summary.parentElement.id, !summary.parentElement.open);
});

new MutationObserver(() => {
  for (const [id, open] of left) {
    const fold = document.getElementById(id);
    if (fold && fold.open !== open) fold.open = open;
  }
}).observe(element, {
  subtree: true, childList: true, attributes: true, attributeFilter: ["id", "open"],
});

function copy(button) {
  const text = button.dataset.copy;
  const told = (said) => {
    button.textContent = said;
    setTimeout(() => { button.textContent = "复制"; }, 2000);
  };
  // Asks for no permission and works over plain http, unlike navigator.clipboard.
  const field = document.createElement("textarea");
  field.value = text;
  field.style.cssText = "position:fixed;top:0;opacity:0";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  button.focus({ preventScroll: true });
  if (done) told("已复制");
  else if (navigator.clipboard) {
    navigator.clipboard.writeText(text).then(() => told("已复制"), () => told("未能复制"));
  } else told("未能复制");
}

function rate(button) {
  const { id, act } = button.dataset;
  const taken = button.getAttribute("aria-pressed") === "true";
  for (const thumb of button.parentElement.querySelectorAll(".thumb")) {
    thumb.setAttribute("aria-pressed", String(thumb === button && !taken));
  }
  const box = document.getElementById(`c-${id}`);
  box.hidden = taken;
  if (!taken) box.querySelector("input").focus({ preventScroll: true });
  trigger("like", { id, rating: taken ? "" : act, comment: "" });
}

function comment(button) {
  const { id } = button.dataset;
  const box = document.getElementById(`c-${id}`);
  const input = box.querySelector("input");
  const thumb = box.parentElement.querySelector('.thumb[aria-pressed="true"]');
  if (!input.value.trim()) { box.hidden = true; return; }
  trigger("like", { id, rating: thumb ? thumb.dataset.act : "", comment: input.value });
  input.value = "";
  box.hidden = true;
  if (thumb) thumb.focus({ preventScroll: true });
}

// An earlier question of this conversation is in the page; another conversation is fetched first.
function jump(id) {
  document.getElementById("history").classList.remove("open");
  const shown = () => document.querySelector(`#past [id="x-${id}"]`);
  const go = () => {
    const there = shown();
    there.scrollIntoView({ block: "start" });
    there.focus({ preventScroll: true });
  };
  if (shown()) return go();
  trigger("select", { id });
  const until = Date.now() + 10000;
  const look = setInterval(() => {
    if (!shown() && Date.now() < until) return;
    clearInterval(look);
    if (shown()) setTimeout(go, 50);
  }, 50);
}
