// Marks in an answer lead to their source card, also by keyboard; nothing here touches the network.
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
})();
