#!/bin/sh
# `make demo`: import the sample reports, ask three questions, draft a report and a plan, say how to open the web page.
set -eu

ask() {
  printf '\n━━ 问：%s\n\n' "$1"
  "$FAZHI" ask "$1"
}

echo '━━ 导入 samples/ 里的示例报告（首次约需一分钟建立语义索引）'
"$FAZHI" ingest samples
ask '岚泊县卫生健康局2025年行政处罚立案多少件？'
ask '2025年各单位罚没款分别是多少？'
ask '砚渚县卫生健康局2025年新购了多少辆救护车？'
echo
echo '━━ 起草2026年度报告和工作安排（没有填报表时，数字全部留作待填）'
"$FAZHI" draft report --org 岚泊县卫生健康局 --year 2026 -o "$FAZHI_HOME/2026年度报告（草稿）.docx"
"$FAZHI" draft plan --org 岚泊县卫生健康局 --year 2026 -o "$FAZHI_HOME/2026年工作安排（草稿）.docx"
printf '\n━━ 汇总简报：示例报告合成一份\n\n'
"$FAZHI" brief -o "$FAZHI_HOME/简报.docx"
printf '\n━━ 打开网页版：\n\n  FAZHI_HOME=%s %s serve\n\n然后在浏览器访问 http://127.0.0.1:7860\n' "$FAZHI_HOME" "$FAZHI"
