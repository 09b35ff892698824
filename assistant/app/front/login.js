// Says so when the login has ended while the page was open; what is on the page stays there.
// In the menu of tabs that do not fit, where entries have no names, a writer is not offered briefs.
(() => {
  if (document.documentElement.dataset.role === "writer") {
    new MutationObserver(() => {
      for (const entry of document.querySelectorAll(".overflow-dropdown button")) {
        entry.style.display = entry.textContent.trim() === "简报" ? "none" : "";
      }
    }).observe(document, { childList: true, subtree: true });
  }

  const ask = window.fetch;
  window.fetch = async (...request) => {
    const reply = await ask(...request);
    if (reply.status === 401 && !document.querySelector(".signed-out")) {
      const told = document.createElement("p");
      told.className = "signed-out";
      told.setAttribute("role", "alert");
      told.append("登录已失效，本页内容未丢失。请");
      const link = document.createElement("a");
      link.href = "/login";
      link.target = "_blank";
      link.textContent = "在新窗口重新登录";
      told.append(link, "，再回到本页继续。");
      link.addEventListener("click", () => told.remove());
      document.body.prepend(told);
    }
    return reply;
  };
})();
