// Says so when the login has ended while the page was open; what is on the page stays there.
(() => {
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
