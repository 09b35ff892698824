// Marks in an answer lead to their source card, also by keyboard; a new question comes into view.
// Nothing here touches the network.
(() => {
  // Gradio picks its own language from here; this page is in Chinese whatever the browser's is.
  Object.defineProperty(navigator, "language", { get: () => "zh-CN" });
  Object.defineProperty(navigator, "languages", { get: () => ["zh-CN"] });

  document.addEventListener("click", (event) => {
    const mark = event.target.closest && event.target.closest("a.cite");
    if (!mark) return;
    event.preventDefault();
    const card = document.getElementById(mark.getAttribute("href").slice(1));
    if (!card) return;
    card.open = true;
    card.scrollIntoView({ block: "center" });
    card.querySelector("summary").focus({ preventScroll: true });
    card.classList.remove("flash");
    void card.offsetWidth; // restarts the animation
    card.classList.add("flash");
  });

  // A new exchange comes to the top once, when it appears; after that the reader scrolls.
  let asking = false;
  let finished = 0;
  new MutationObserver(() => {
    const live = document.querySelector("#live .exchange");
    const past = document.querySelectorAll("#past .exchange");
    const newest = live || past[past.length - 1];
    const appeared = live ? !asking : past.length > finished && isBelow(newest);
    asking = Boolean(live);
    finished = past.length;
    if (appeared) newest.scrollIntoView({ block: "start" });
  }).observe(document, { childList: true, subtree: true });

  function isBelow(element) {
    return element.getBoundingClientRect().top > window.innerHeight / 2;
  }
})();
