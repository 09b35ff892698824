"""Commands over the users who may sign in to the page: users list, add, passwd, role, rm."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import JsonFlag, emit

if TYPE_CHECKING:
    from assistant.users import Role, User, Users

__all__ = ["register"]

Name = Annotated[str, typer.Argument(help="用户名。")]
_ROLES = (
    "writer（提问、起草、校核、台账）、collector（另可导入、更正、删除、写简报）、"
    "admin（另可看服务设置）"
)
_HELP = "网页版的用户。有用户时网页就要登录；密码在提示后输入，或从标准输入读一行。"


def register(app: typer.Typer) -> None:
    """Add this module's commands to `app`."""
    users = typer.Typer(help=_HELP, no_args_is_help=True)
    users.command("list")(list_)
    users.command()(add)
    users.command()(passwd)
    users.command()(role)
    users.command()(rm)
    app.add_typer(users, name="users")


def list_(as_json: JsonFlag = False) -> None:
    """列出用户和角色。"""
    from assistant.users import ROLE_NAMES

    users = _users().all()
    emit(
        {"users": [_shown(user) for user in users]},
        as_json,
        lambda out: out.print(
            "\n".join(f"{user.name}  {user.role}（{ROLE_NAMES[user.role]}）" for user in users)
            or "还没有用户，网页不需要登录，只有本机能打开。",
            markup=False,
        ),
    )


def add(
    name: Name,
    role: Annotated[str, typer.Option(help=f"角色：{_ROLES}。")] = "writer",
    as_json: JsonFlag = False,
) -> None:
    """添加用户。"""
    user = _users().add(name, _role(role), _password())
    _done("add", user, as_json, f"已添加 {user.name}（{user.role}）。网页从下次启动起要求登录。")


def passwd(name: Name, as_json: JsonFlag = False) -> None:
    """更换密码；用旧密码登录的会话随即失效。"""
    users = _users()
    users.require(name)
    user = users.set_password(name, _password())
    _done("passwd", user, as_json, f"已更换 {user.name} 的密码。")


def role(
    name: Name,
    role: Annotated[str, typer.Argument(help=f"角色：{_ROLES}。")],
    as_json: JsonFlag = False,
) -> None:
    """更换角色，随即生效。"""
    user = _users().set_role(name, _role(role))
    _done("role", user, as_json, f"{user.name} 现在是 {user.role}。")


def rm(name: Name, as_json: JsonFlag = False) -> None:
    """删除用户，其会话随即失效。"""
    user = _users().remove(name)
    _done("rm", user, as_json, f"已删除 {user.name}。")


def _users() -> Users:
    from assistant.settings import Settings
    from assistant.users import Users

    return Users(Settings().folder)


def _role(text: str) -> Role:
    from assistant.users import ROLES, UsersError

    for role in ROLES:
        if role == text:
            return role
    raise UsersError(f"没有名为“{text}”的角色。", f"可用：{'、'.join(ROLES)}。")


def _password() -> str:
    """Typed twice at a prompt, or one line of standard input; never an argument others can see."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = typer.prompt("密码", hide_input=True, confirmation_prompt="再输入一次", err=True)
    return typed


def _shown(user: User) -> dict[str, str]:
    return {"name": user.name, "role": user.role, "created": user.created}


def _done(what: str, user: User, as_json: bool, told: str) -> None:
    from assistant.audit import FOLDER, Audit
    from assistant.settings import Settings

    Audit(Settings().folder / FOLDER).record("users", change=what, name=user.name, role=user.role)
    emit(_shown(user), as_json, lambda out: out.print(told, markup=False))
