// Says at once that a question was sent: a server with many visitors may take seconds to show it.
const line = element.querySelector("p");
const answered = () => document.querySelector("#past .html-container").textContent;
let before = "";

const observer = new MutationObserver(() => {
  if (!document.querySelector("#live .exchange, .toast-body") && answered() === before) return;
  line.hidden = true;
  observer.disconnect();
});

function sent() {
  if (document.querySelector("#live .exchange")) return;
  before = answered();
  line.hidden = false;
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
}

document.addEventListener("keydown", (event) => {
  const enter = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (enter && event.target.matches("#box textarea") && event.target.value.trim()) sent();
}, true);

document.addEventListener("click", (event) => {
  const box = document.querySelector("#box textarea");
  const sends = event.target.closest("#box .submit-button") && box.value.trim();
  if (sends || event.target.closest("#examples button")) sent();
}, true);
