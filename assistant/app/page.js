// Marks in an answer lead to their source card, also by keyboard; a new question comes into view;
// messages are in Chinese. Nothing here touches the network.
(() => {
  // Gradio picks its own language from here; this page is in Chinese whatever the browser's is.
  Object.defineProperty(navigator, "language", { get: () => "zh-CN" });
  Object.defineProperty(navigator, "languages", { get: () => ["zh-CN"] });

  document.addEventListener("click", (event) => {
    const mark = event.target.closest && event.target.closest("a.cite, a.jump, a.verdict[href]");
    if (!mark) return;
    event.preventDefault();
    const there = document.getElementById(mark.getAttribute("href").slice(1));
    if (!there) return;
    // What folds is opened as by a press of one's own, so that it is known to be wanted open.
    for (let fold = there.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      if (!fold.open) fold.querySelector("summary").click();
    }
    there.scrollIntoView({ block: "center" });
    if (there.matches("details")) there.querySelector("summary").focus({ preventScroll: true });
    let shown = there;
    while (shown.matches("a.anchor")) shown = shown.nextElementSibling;
    shown.classList.remove("flash");
    void shown.offsetWidth; // restarts the animation
    shown.classList.add("flash");
  });

  // Enter sends; Shift+Enter begins a new line, which Gradio would send too. Escape stops an answer.
  document.addEventListener("keypress", (event) => {
    const typing = event.target.matches && event.target.matches("#box textarea");
    if (typing && event.key === "Enter" && event.shiftKey) event.stopImmediatePropagation();
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    const stop = document.querySelector("#box .stop-button");
    if (stop && stop.offsetParent) stop.click();
  });

  // What a figure's mark tells stays within the window.
  const place = (event) => {
    const mark = event.target.closest && event.target.closest(".verdict");
    const tip = mark && mark.nextElementSibling;
    if (!tip) return;
    tip.style.removeProperty("--shift");
    const { left, right } = tip.getBoundingClientRect();
    const over = Math.min(Math.max(right - document.documentElement.clientWidth + 8, 0), left - 8);
    if (over > 0) tip.style.setProperty("--shift", `${-over}px`);
  };
  document.addEventListener("mouseover", place);
  document.addEventListener("focusin", place);

  // On a narrow screen the earlier questions open from a button.
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("#history-open");
    if (!button) return;
    const open = document.getElementById("history").classList.toggle("open");
    button.setAttribute("aria-expanded", String(open));
  });

  // A press on a row of the ledger opens its source below; marking text to copy it does not.
  document.addEventListener("click", (event) => {
    const row = event.target.closest && event.target.closest("tr.figure");
    if (!row || String(window.getSelection())) return;
    const source = row.nextElementSibling;
    source.hidden = !source.hidden;
    row.classList.toggle("opened", !source.hidden);
    row.querySelector("button.open").setAttribute("aria-expanded", String(!source.hidden));
  });

  // A single choice is replaced by typing, not appended to.
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("input[role=combobox]")) event.target.select();
  });

  // The list that opens below a choice is no stop for the Tab key: it closes when the choice is left.
  new MutationObserver(() => {
    const lists = document.querySelectorAll(".options:not([tabindex]), .options ul:not([tabindex])");
    for (const list of lists) list.tabIndex = -1;
  }).observe(document, { childList: true, subtree: true });

  // Arrows, Home and End go from tab to tab; Enter or the space bar opens one.
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest && event.target.closest("[role=tab]");
    if (!tab) return;
    const all = [...tab.parentElement.querySelectorAll("[role=tab]")].filter((one) => one.offsetParent);
    const at = all.indexOf(tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + all.length, Home: 0, End: all.length - 1 };
    if (!(event.key in to)) return;
    event.preventDefault();
    all[to[event.key] % all.length].focus();
  });

  // The grid is drawn anew after a press on a header or on a page's button; the keyboard stays there.
  let pressed = "";
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-sort], [data-way]");
    const { sort, way } = button ? button.dataset : {};
    pressed = sort ? `[data-sort="${sort}"]` : way ? `[data-way="${way}"]` : "";
    if (way) document.querySelector("#grid").scrollIntoView({ block: "start" });
  });
  new MutationObserver(() => {
    if (!pressed || document.activeElement !== document.body) return;
    const button = document.querySelector(`#grid ${pressed}`);
    if (button) button.focus({ preventScroll: true });
  }).observe(document, { childList: true, subtree: true });

  // What Gradio says in English whatever the language.
  const BUSY = "正在使用的人较多，请稍后再试。";
  const SAYINGS = [
    [/^Error$/, "出错了"],
    [/^Warning$/, "请注意"],
    [/^File\(s\) exceed the maximum allowed size of (\d+)\S* Mb: /, "文件超过 $1 MB 的上限："],
    [/^Connection errored out.*/, "与服务的连接中断。请确认服务仍在运行，再刷新本页。"],
    [/^Connection to the server was lost.*/, "与服务的连接已断开，正在重新连接…"],
    [/^This application is currently busy.*/, BUSY],
    [/^Queue is full.*/, BUSY],
  ];
  new MutationObserver(() => {
    for (const said of document.querySelectorAll(".toast-wrap *")) {
      if (said.children.length) continue;
      const text = said.textContent.trim();
      const known = SAYINGS.find(([english]) => english.test(text));
      if (known) said.textContent = text.replace(...known);
    }
  }).observe(document, { childList: true, subtree: true });

  // Names of controls that Gradio gives in English, for those who hear the page.
  const NAMES = [
    [/^More tabs$/, "更多标签页"],
    [/^Click to upload|^(file upload|upload file)$/i, "点此选择文件，或把文件拖到这里"],
    [/^Remove this file$|^Clear$/i, "移除"],
    [/^Close$/i, "关闭"],
  ];
  new MutationObserver(() => {
    for (const part of document.querySelectorAll("[aria-label], [title]")) {
      for (const name of ["aria-label", "title"]) {
        const said = part.getAttribute(name);
        const known = said && NAMES.find(([english]) => english.test(said));
        if (known) part.setAttribute(name, known[1]);
      }
    }
  }).observe(document, { childList: true, subtree: true });

  // What Gradio folds says whether it is open.
  new MutationObserver(() => {
    for (const fold of document.querySelectorAll("button.label-wrap")) {
      const open = String(fold.classList.contains("open"));
      if (fold.getAttribute("aria-expanded") !== open) fold.setAttribute("aria-expanded", open);
    }
  }).observe(document, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["class"],
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
