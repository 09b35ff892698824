// Steps through the marked places of a checked text, by buttons or Alt+↓ and Alt+↑.
let current = null;

const places = () => [...element.querySelectorAll(".proof-text a.anchor[data-said]")];

// What is said of a place or a figure, below the text: a phone has no pointer to hover with.
function tell(words, kind) {
  const said = element.querySelector(".steps .said");
  said.textContent = words;
  said.className = `said ${kind}`;
}

function show(place) {
  const all = places();
  current = place;
  tell(place.dataset.said, place.dataset.kind);
  element.querySelector(".steps .at").textContent = `${all.indexOf(place) + 1}/${all.length}`;
  for (const item of document.querySelectorAll("#check-list li[aria-current]")) {
    item.removeAttribute("aria-current");
  }
  const link = document.querySelector(`#check-list a.jump[href="#${place.id}"]`);
  link?.closest("li").setAttribute("aria-current", "true");
}

function step(by) {
  const all = places();
  if (!all.length) return;
  const at = all.indexOf(current);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
  show(all[next]);
  let shown = all[next];
  shown.scrollIntoView({ block: "center" });
  while (shown.matches("a.anchor")) shown = shown.nextElementSibling;
  shown.classList.remove("flash");
  void shown.offsetWidth; // restarts the animation
  shown.classList.add("flash");
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-step]");
  if (button) step(Number(button.dataset.step));
  const mark = event.target.closest(".proof-text [title]");
  if (mark) tell(mark.title, mark.className.split(" ").pop());
});

// Boxes ticked stay so after a refresh; the window remembers them as hashes, never as words.
const TICKED = "fazhi.ticked";
const ticked = () => new Set((sessionStorage.getItem(TICKED) || "").split(" ").filter(Boolean));

document.addEventListener("change", (event) => {
  const box = event.target.closest?.("#check-list input[data-key]");
  if (!box) return;
  const known = ticked();
  known[box.checked ? "add" : "delete"](box.dataset.key);
  sessionStorage.setItem(TICKED, [...known].slice(-2000).join(" "));
});

function tick() {
  const known = ticked();
  for (const box of document.querySelectorAll("#check-list input[data-key]")) {
    box.checked = known.has(box.dataset.key);
  }
}
const list = document.getElementById("check-list");
new MutationObserver(tick).observe(list, { childList: true, subtree: true });
tick();

// A press on a place in the list makes it the current one; page.js goes there.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#check-list a.jump");
  const place = link && places().find((one) => `#${one.id}` === link.getAttribute("href"));
  if (place) show(place);
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || element.offsetParent === null || !places().length) return;
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  step(event.key === "ArrowDown" ? 1 : -1);
});

watch("value", () => { current = null; });
